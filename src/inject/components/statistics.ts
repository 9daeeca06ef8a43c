import type { VectorStatistics } from '#contract/prompt-vectors.ts';

/**
 * How rows of vectors look: their lengths, how near each is to the nearest of a few fixed rows of the model's table (the fingerprint's
 * sketch; cosine, 0 without one), and how many repeat an earlier row bit for bit. It tells nothing of whether a model understands
 * them; it shows when a component begins to give something else than it did. `items`: what they were made of.
 */
export function vectorStatistics(
  values: Float32Array,
  width: number,
  sketch: readonly (readonly number[])[] | null,
  items: number,
): VectorStatistics {
  const count = values.length / width;
  const norms = new Float64Array(count);
  const nearest = new Float64Array(count);
  const seen = new Set<string>();
  const known = (sketch ?? []).filter((row) => row.length === width).map((row) => ({ row, norm: Math.hypot(...row) }));
  for (let at = 0; at < count; at++) {
    const row = values.subarray(at * width, (at + 1) * width);
    norms[at] = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
    nearest[at] = known.reduce(
      (best, one) => Math.max(best, cosineTo(row, norms[at] ?? 0, one)),
      known.length ? -1 : 0,
    );
    seen.add(Buffer.from(row.buffer, row.byteOffset, row.byteLength).toString('latin1'));
  }
  const [normMean, normDeviation] = meanAndDeviation(norms);
  const [nearestCosineMean, nearestCosineDeviation] = meanAndDeviation(nearest);
  const duplicateShare = count === 0 ? 0 : 1 - seen.size / count;
  return { items, normMean, normDeviation, nearestCosineMean, nearestCosineDeviation, duplicateShare };
}

function cosineTo(
  row: Float32Array,
  norm: number,
  known: { readonly row: readonly number[]; readonly norm: number },
): number {
  let dot = 0;
  for (let at = 0; at < row.length; at++) dot += (row[at] as number) * (known.row[at] as number);
  return norm * known.norm === 0 ? 0 : dot / (norm * known.norm);
}

function meanAndDeviation(values: Float64Array): [number, number] {
  if (values.length === 0) return [0, 0];
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return [mean, Math.sqrt(variance)];
}
