import { isDeepStrictEqual } from 'node:util';
import type { GateCheck, GateReport } from '#contract/gate.ts';
import type { ModelFingerprint, PromptVectors, VectorStatistics } from '#contract/prompt-vectors.ts';
import { checkDrift } from './check-drift.ts';
import { checkWire } from './check-wire.ts';
import { failed, passed } from './verdict.ts';

/** Whether two fingerprints are of one model, served alike: every field, so that whatever changed is looked at again. */
export function sameModel(one: ModelFingerprint, other: ModelFingerprint): boolean {
  return isDeepStrictEqual(one, other);
}

/** What every request’s vectors are looked at for: shape, numbers, and whether they look as the component’s usually do. Cheap. */
export function checkRequest(
  vectors: PromptVectors,
  {
    fingerprint,
    statistics,
    roomTokens,
  }: {
    readonly fingerprint: ModelFingerprint;
    /** Of the component; `null` for a caller’s own vectors. */
    readonly statistics: VectorStatistics | null;
    readonly roomTokens?: number | undefined;
  },
): readonly GateCheck[] {
  const wire = checkWire(vectors, { width: fingerprint.width, roomTokens });
  if (wire.outcome === 'refused') return [wire];
  return [wire, checkDrift([vectors.values], fingerprint, statistics && { statistics, of: 'calibration' })];
}

/** Whether what a gate once found still holds: not when anything of the model changed since. */
export function checkLive({ fingerprint: then }: GateReport, now: ModelFingerprint): GateCheck {
  const changed = then === null ? ['everything'] : changedFields(then, now);
  if (changed.length === 0) return passed('live', 'The model is the one that was checked.');
  return failed('live', 'refused', 'EMB_CHANGED', {
    ...{ measured: changed.join(', '), threshold: 'as when it was checked' },
    message: `The model changed since the gate looked at it: ${changed.join(', ')}.`,
    remedy: 'Run `sensorium gate check` again; until then the text route is taken.',
  });
}

function changedFields(then: ModelFingerprint, now: ModelFingerprint): string[] {
  const [before, after] = [new Map(Object.entries(then)), new Map(Object.entries(now))];
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    (field) => !isDeepStrictEqual(before.get(field), after.get(field)),
  );
}
