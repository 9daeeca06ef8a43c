/** Rows that lie apart are read one by one, each as dear as some four hundred that lie together in the index. */
const SCAN_SHARE = 1 / 400;
const SCAN_AT_LEAST = 100;
/** Partitions asked where all count: with the square root of the rows as partitions, recall was 0.989 at 8, 0.998 at 16, 1.000 at 32. */
const PROBES = 32;
/** Below this share of the rows, asking the nearest partitions alone misses too much: at a tenth, recall was 0.92 with 50 of 316. */
const SHARE_FOR_SOME = 0.5;
/** Of so few, all partitions are asked in 4 ms, and 32 of 141 found but 0.98 of the nearest of 20,000. */
const ALL_BELOW_ROWS = 50_000;
/** From here on a scan takes longer than p95 may be: 0.6 ms for each thousand vectors of 384 dimensions. */
export const INDEX_FROM_ROWS = 10_000;

/** How a query is answered: by comparing all that count, or by the index, asking so many of its partitions, `null` for all. */
export type SearchPlan = { readonly way: 'scan' } | { readonly way: 'index'; readonly probes: number | null };

/**
 * Chooses by how many items count. `partitions` is 0 where there is no index. Figures are of 10^5 vectors of 384 dimensions, see the decision
 * of 2026-11-26 on the vector store.
 */
export function planSearch(of: { rows: number; matches: number; partitions: number; limit: number }): SearchPlan {
  const { rows, matches, partitions, limit } = of;
  if (partitions === 0 || matches <= Math.max(SCAN_AT_LEAST, limit, rows * SCAN_SHARE)) return { way: 'scan' };
  if (rows < ALL_BELOW_ROWS || matches < rows * SHARE_FOR_SOME) return { way: 'index', probes: null };
  // Many results lie in more partitions than ten do.
  const probes = Math.ceil(PROBES * (rows / matches) * Math.max(1, Math.sqrt(limit / 16)));
  return { way: 'index', probes: Math.min(partitions, probes) };
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
