import type { VectorStatistics } from '#contract/prompt-vectors.ts';

/**
 * How rows of vectors look: their lengths, how near each is to the nearest of a few fixed rows of the model's table (the fingerprint's
 * sketch; cosine, 0 without one), and how many repeat an earlier row of their item bit for bit. It tells nothing of whether a model
 * understands them; it shows when a component begins to give something else than it did. `items`: the rows made of each thing.
 */
export function vectorStatistics(
  items: readonly Float32Array[],
  width: number,
  sketch: readonly (readonly number[])[] | null,
): VectorStatistics {
  const count = items.reduce((sum, values) => sum + values.length / width, 0);
  const norms = new Float64Array(count);
  const nearest = new Float64Array(count);
  let repeated = 0;
  const known = (sketch ?? []).filter((row) => row.length === width).map((row) => ({ row, norm: Math.hypot(...row) }));
  let at = 0;
  for (const values of items) {
    const seen = new Set<string>();
    for (let start = 0; start < values.length; start += width, at++) {
      const row = values.subarray(start, start + width);
      const norm = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
      norms[at] = norm;
      nearest[at] = known.reduce((best, one) => Math.max(best, cosineTo(row, norm, one)), known.length ? -1 : 0);
      seen.add(Buffer.from(row.buffer, row.byteOffset, row.byteLength).toString('latin1'));
    }
    repeated += values.length / width - seen.size;
  }
  const [normMean, normDeviation] = meanAndDeviation(norms);
  const [nearestCosineMean, nearestCosineDeviation] = meanAndDeviation(nearest);
  const duplicateShare = count === 0 ? 0 : repeated / count;
  return { items: items.length, normMean, normDeviation, nearestCosineMean, nearestCosineDeviation, duplicateShare };
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
