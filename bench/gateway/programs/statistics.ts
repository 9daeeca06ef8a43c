/** The value that `percent` of the values do not exceed (nearest rank, so always a value that was measured). */
export function percentile(values: readonly number[], percent: number): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
  return sorted[rank - 1] ?? null;
}

/** The middle value, or the mean of the two in the middle. What was not measured does not count. */
export function median(values: readonly (number | null)[]): number | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}

/**
 * The median over the rounds of two values measured side by side, put together, such as their ratio. Rounds that lack
 * one of them do not count, and a slow round that was slow for both does not matter.
 */
export function medianOfPairs(
  values: readonly (number | null)[],
  bases: readonly (number | null)[],
  combine: (value: number, base: number) => number,
): number | null {
  const pairs = values.map((value, round) => {
    const base = bases[round] ?? null;
    return value === null || base === null ? null : combine(value, base);
  });
  const combined = pairs.filter((pair) => pair !== null);
  return combined.every(Number.isFinite) ? median(combined) : null;
}
