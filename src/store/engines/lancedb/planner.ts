/**
 * Measured with 10^5 vectors of 384 dimensions: comparing the items a filter leaves takes about 3.5 ms and 9.5 ms for each thousand of
 * them, asking the index under the same filter 6 ms however many they are. See the decision of 2026-11-26 on the vector store.
 */
const SCAN_UP_TO = 300;
/** Partitions asked without a filter: with the square root of the rows as partitions, recall was 0.987 at 8 and 1.000 at 16. */
const PROBES = 16;
/** From here on a scan takes longer than p95 may be: 0.6 ms for each thousand vectors of 384 dimensions. */
export const INDEX_FROM_ROWS = 10_000;

/** How a query is answered: by comparing all that count, or by asking so many partitions of the index first. */
export type SearchPlan = { readonly way: 'scan' } | { readonly way: 'index'; readonly probes: number };

/** Chooses by how many items count. `partitions` is 0 where there is no index. */
export function planSearch(of: { rows: number; matches: number; partitions: number; limit: number }): SearchPlan {
  const { rows, matches, partitions, limit } = of;
  if (partitions === 0 || matches <= Math.max(SCAN_UP_TO, limit)) return { way: 'scan' };
  // The fewer count, the further apart they lie; and many results need more partitions than ten do.
  const thinner = Math.sqrt(rows / matches) * Math.max(1, Math.sqrt(limit / 16));
  return { way: 'index', probes: Math.min(partitions, Math.ceil(PROBES * thinner)) };
}

/** How many partitions an index of so many rows should have: as many as each has rows. */
export function partitionsFor(rows: number): number {
  return Math.max(1, Math.round(Math.sqrt(rows)));
}

/** Whether a space needs an index made, or made anew: none yet, or four times the rows it was made for. */
export function needsIndex(rows: number, partitions: number): boolean {
  if (rows < INDEX_FROM_ROWS) return false;
  return partitions === 0 || partitionsFor(rows) >= 2 * partitions;
}
