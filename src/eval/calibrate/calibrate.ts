import { basename } from 'node:path';
import { isSensoriumError, SensoriumError } from '#contract/error.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import {
  type CalibrationProfile,
  eceOf,
  FEWEST_ERRORS,
  heardStretches,
  type ProfileUnit,
  type ReliabilityBin,
  reliabilityOf,
  type Signal,
} from '#ledger/index.ts';
import type { Sensorium } from '#pipeline/index.ts';
import { openDictionary } from '#words/index.ts';
import { fitOwn } from './fit-own.ts';
import { hearAll } from './hearing.ts';
import { type Item, readItems } from './items.ts';
import { type JudgedUnit, judgedUnits, rowOf, type Utterance, utteranceOf } from './units.ts';

export interface CalibrateOptions {
  /** Labelled items, a JSON object a line. */
  readonly path: string;
  readonly sensorium: Sensorium;
  /** What hearing depends on besides the recordings; what was heard with the same is not heard again. */
  readonly settings: string;
  readonly signal: AbortSignal;
  readonly date: Date;
  onHeard?(done: number, total: number): void;
}

/** A profile of one's own, and how well it does on what it was not fitted on. */
export interface Calibration {
  readonly profile: CalibrationProfile;
  readonly bins: readonly ReliabilityBin[];
  readonly utterances: number;
  /** Units of another kind than the profile's, or that lack a signal. */
  readonly unitsLeftOut: number;
  /** The calibration error of the recogniser's own word probabilities on the same units; `null` where there are none. */
  readonly eceBefore: number | null;
  readonly notHeard: readonly { readonly line: number; readonly error: string }[];
}

/** With fewer utterances the figures are loose: 30 give an AUROC of 0.88 where 300 give 0.92 (research/loss.md §1.3). */
export const UTTERANCES_ENOUGH = 100;

/**
 * Fits a calibration profile on labelled items: recordings are heard by the product as it is set up, what was heard elsewhere is taken as
 * it is. Throws what reading and hearing throw, and `ledger.too-few-items` saying what more is needed.
 */
export async function calibrate(options: CalibrateOptions): Promise<Calibration> {
  const items = await readItems(options.path);
  const { utterances, notHeard, engine } = await utterancesOf(items, options);
  const dictionary = utterances.some(({ stretches }) => stretches.some(({ text }) => /\p{Script=Han}/u.test(text)))
    ? await dictionaryFrom(options)
    : null;
  const units: JudgedUnit[] = [];
  for (const utterance of utterances) {
    throwIfCancelled(options.signal);
    units.push(...(await judgedUnits(utterance, dictionary)));
  }
  const kind = kindWithMostErrors(units);
  const mine = units.filter((unit) => unit.kind === kind);
  const signals = signalsIn(mine);
  if (mine.length > 0 && signals.length === 0) throw nothingMeasured();
  const judged = mine.filter(({ rows }) => rowOf(rows, signals) !== null);
  refuseTooFew(judged, utterances.length);
  const { profile, bins } = fitOwn(judged, {
    ...{ id: `own:${basename(options.path).slice(0, 190)}`, unit: kind, signals, date: options.date },
    ...(signals.includes('confidence') && engine !== null ? { engine } : {}),
    domain: `${utterances.length} labelled utterances`,
  });
  return {
    ...{ profile, bins, utterances: utterances.length, notHeard },
    unitsLeftOut: units.length - judged.length,
    eceBefore: signals.includes('confidence') ? eceOfConfidence(judged) : null,
  };
}

/** `engine` is who heard them, where that is one and known: its confidence is like no other's. */
async function utterancesOf(items: readonly Item[], options: CalibrateOptions) {
  const recordings = items.flatMap((item) => (item.kind === 'recording' ? item : []));
  const heard = await hearAll(recordings, { ...options, keptAt: `${options.path}.heard` });
  const fromHeard = heard.flatMap(({ line, item, transcript }): Utterance[] =>
    transcript === null
      ? []
      : [
          {
            ...{
              stretches: heardStretches(transcript.segments, transcript.text).map((one) => one.heard),
              reference: item.text,
            },
            ...{ language: item.lang ?? transcript.language, group: item.speaker ?? `line ${line}` },
          },
        ],
  );
  const given = items.flatMap((one) => (one.kind === 'heard' ? utteranceOf(one.item, `line ${one.line}`) : []));
  const notHeard = heard.flatMap(({ line, error }) => (error === null ? [] : { line, error }));
  const engines = new Set(heard.flatMap(({ transcript }) => transcript?.engine ?? []));
  const [engine = null] = engines.size === 1 && given.length === 0 ? engines : [];
  return { utterances: [...fromHeard, ...given], notHeard, engine };
}

/** Word frequencies of Chinese; `null` where they cannot be had: then the other signals must do. */
async function dictionaryFrom({ sensorium, signal }: CalibrateOptions) {
  try {
    return await openDictionary(
      await sensorium.models.ensure('chinese-words', { signal, onProgress: sensorium.onDownload }),
    );
  } catch (error) {
    throwIfCancelled(signal);
    if (!isSensoriumError(error)) throw error;
    return null;
  }
}

function kindWithMostErrors(units: readonly JudgedUnit[]): ProfileUnit {
  const errors = (kind: ProfileUnit) => units.filter((unit) => unit.kind === kind && unit.wrong).length;
  return errors('han') >= errors('word') && units.some(({ kind }) => kind === 'han') ? 'han' : 'word';
}

/** Signals that nearly every unit has; the few units without are left out. */
function signalsIn(units: readonly JudgedUnit[]): Signal[] {
  const counts = new Map<Signal, number>();
  for (const { rows } of units) for (const signal of rows.keys()) counts.set(signal, (counts.get(signal) ?? 0) + 1);
  return [...counts].flatMap(([signal, count]) => (count >= 0.9 * units.length ? signal : []));
}

function nothingMeasured(): SensoriumError {
  return new SensoriumError('ledger.too-few-items', 'Nothing that could tell an error was measured in these items.', {
    hint: 'Add "second", what another recogniser made of the same, or "words" with a confidence each; or give recordings ("audio").',
  });
}

/** Says how many items more of the same kind are needed, from how many errors these have. */
function refuseTooFew(
  judged: readonly { readonly wrong: boolean; readonly group: string }[],
  utterances: number,
): void {
  const errors = judged.filter(({ wrong }) => wrong).length;
  const groups = new Set(judged.map(({ group }) => group)).size;
  const fewer = Math.min(errors, judged.length - errors);
  if (fewer >= FEWEST_ERRORS && groups >= 2) return;
  const found = `${utterances} items with ${errors} of ${judged.length} units wrong, of ${groups} speaker${groups === 1 ? '' : 's'}`;
  const many = fewer === 0 ? UTTERANCES_ENOUGH : Math.ceil((FEWEST_ERRORS / fewer - 1) * utterances);
  const wanted = errors < FEWEST_ERRORS ? 'errors' : 'units that are right';
  const hint =
    fewer < FEWEST_ERRORS
      ? `${FEWEST_ERRORS - fewer} more ${wanted} are needed: about ${Math.max(1, many)} more items like these.`
      : 'Add items of another speaker, so that it can be judged on one it was not fitted on.';
  throw new SensoriumError('ledger.too-few-items', `${found}: too few to learn from.`, {
    hint,
    details: { utterances, units: judged.length, errors, groups },
  });
}

function eceOfConfidence(judged: readonly JudgedUnit[]): number {
  const judgements = judged.flatMap(({ wrong, rows }) => {
    const [logit] = rows.get('confidence') ?? [];
    // The row has ln(p / (1 − p)).
    return logit === undefined ? [] : { value: 1 / (1 + Math.exp(logit)), hit: wrong };
  });
  return eceOf(reliabilityOf(judgements));
}
