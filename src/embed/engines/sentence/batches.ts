/**
 * Puts texts of like length together: each batch lists places in `lengths`, the longest first, and holds at most `maxTokens`
 * once its texts are filled up to the longest; a text longer than that is alone.
 */
export function batchesOf(lengths: readonly number[], maxTokens: number): number[][] {
  const places = lengths.map((_, at) => at).sort((a, b) => (lengths[b] ?? 0) - (lengths[a] ?? 0));
  const batches: number[][] = [];
  let open: number[] = [];
  for (const place of places) {
    const longest = lengths[open[0] ?? place] ?? 0;
    if (open.length > 0 && (open.length + 1) * longest > maxTokens) {
      batches.push(open);
      open = [];
    }
    open.push(place);
  }
  if (open.length > 0) batches.push(open);
  return batches;
}
