import type { GateCheck } from '#contract/gate.ts';
import type { ComponentManifest, ModelFingerprint, VectorStatistics } from '#contract/prompt-vectors.ts';
import { vectorStatistics } from '../components/statistics.ts';
import { failed, figure, notRun, passed } from './verdict.ts';

/** From research/embedding-route.md, 3.3. */
const WARN_Z = 4;
const MOST_TIMES = 16;

/** What vectors are compared with, and how much that binds: `own` are rows of the model’s table, of whose lengths alone something is known. */
export interface DriftReference {
  readonly statistics: VectorStatistics;
  readonly of: 'calibration' | 'own';
}

/** What a component’s vectors usually look like; `null` where nobody knows. */
export function driftReference(
  { statistics, kind }: Pick<ComponentManifest, 'statistics' | 'kind'>,
  fingerprint: ModelFingerprint,
): DriftReference | null {
  if (statistics) return { statistics, of: 'calibration' };
  if (kind !== 'identity' && kind !== 'own-table') return null;
  const { sketch, width, scale } = fingerprint;
  if (sketch === null || sketch.length === 0) return null;
  const values = Float32Array.from(sketch.flat(), (value) => value * scale);
  return { statistics: vectorStatistics([values], width, null), of: 'own' };
}

/**
 * Whether vectors look as the component’s usually do: lengths, nearness to the model’s table, repeated rows. These figures tell nothing of
 * whether the model understands them (a wrong tokenizer passes all); they show that something changed.
 */
export function checkDrift(
  items: readonly Float32Array[],
  { width, sketch }: Pick<ModelFingerprint, 'width' | 'sketch'>,
  reference: DriftReference | null,
): GateCheck {
  if (reference === null) return notRun('drift', 'Nobody has measured how vectors of this component usually look.');
  const usual = reference.statistics;
  const now = vectorStatistics(items, width, reference.of === 'calibration' ? sketch : null);
  const times = now.normMean / usual.normMean;
  const measured = `length × ${figure(times)}`;
  if (!(times <= MOST_TIMES && times >= 1 / MOST_TIMES)) {
    return failed('drift', 'refused', 'EMB_OUT_OF_RANGE', {
      ...{ value: times, measured, threshold: `between × 1/${MOST_TIMES} and × ${MOST_TIMES}` },
      message: `The vectors are ${figure(times)} times as long as they should be.`,
      remedy: 'Look at the scale of what the component gives; it was not so when it was made.',
    });
  }
  const rows = items.reduce((sum, values) => sum + values.length / width, 0);
  const { name, z } = farthest(now, usual, reference.of, rows);
  const figures = { value: z, measured: `${measured}, farthest: ${name} z ${figure(z)}`, threshold: `|z| ≤ ${WARN_Z}` };
  if (Math.abs(z) <= WARN_Z) return passed('drift', 'The vectors look as they usually do.', figures);
  return failed('drift', 'warned', 'EMB_OUT_OF_RANGE', {
    ...figures,
    message: `The ${name} is ${figure(z)} deviations from what it was when the component was calibrated.`,
    remedy: 'Look at what goes in: silence, an empty picture, another kind of recording.',
  });
}

function farthest(now: VectorStatistics, usual: VectorStatistics, of: DriftReference['of'], rows: number) {
  const zs = [{ name: 'length', z: zOf(now.normMean, usual.normMean, usual.normDeviation) }];
  if (of === 'calibration') {
    zs.push({ name: 'nearness', z: zOf(now.nearestCosineMean, usual.nearestCosineMean, usual.nearestCosineDeviation) });
    // A share of few rows moves by itself: its deviation is that of a share, and of one row at least.
    const spread = Math.sqrt((usual.duplicateShare * (1 - usual.duplicateShare)) / rows) + 1 / rows;
    zs.push({ name: 'share of repeated rows', z: zOf(now.duplicateShare, usual.duplicateShare, spread) });
  }
  return zs.reduce((most, one) => (Math.abs(one.z) > Math.abs(most.z) ? one : most));
}

/** Deviations too small to divide by count as a millionth of the mean. */
function zOf(value: number, mean: number, deviation: number): number {
  return (value - mean) / Math.max(deviation, Math.abs(mean) * 1e-6, Number.MIN_VALUE);
}
