import { eceOf, type Fitted, fitProfile, type ProfileUnit, reliabilityOf } from '#ledger/index.ts';
import type { RecordedUnit } from './recordings.ts';
import { rowOf } from './units.ts';

export interface HeardProfile extends Fitted {
  /** Calibration error of the recogniser's own confidence on the same units. */
  readonly eceBefore: number;
}

/** A profile for units of a kind from the confidence of one recogniser, judged on one recording at a time that it was not fitted on. */
export function heardProfile(
  units: readonly RecordedUnit[],
  unit: ProfileUnit,
  engine: string,
  id: string,
): HeardProfile {
  const signals = ['confidence'] as const;
  const items = units.flatMap(({ kind, wrong, group, rows }) => {
    const row = kind === unit ? rowOf(rows, signals) : null;
    return row === null ? [] : { row, wrong, group };
  });
  const recordings = new Set(items.map(({ group }) => group)).size;
  const fitted = fitProfile(items, {
    ...{ id, unit, engine, signals, model: 'logistic', folds: recordings, date: new Date('2026-11-26') },
    domain: `${engine} on ${recordings} short recordings, as they are and under white noise (20, 10, 5 and 0 dB)`,
  });
  return {
    ...fitted,
    eceBefore: eceOf(reliabilityOf(items.map(({ row, wrong }) => ({ value: doubtOf(row), hit: wrong })))),
  };
}

/** 1 − p from ln(p / (1 − p)), which the row begins with. */
function doubtOf([logit = 0]: readonly number[]): number {
  return 1 / (1 + Math.exp(logit));
}
