/**
 * Where windows of `window` samples begin in a sound of `total`: one after the other where `most` are enough, the last one short; else `most` of
 * them spread evenly, the first at the beginning and the last at the end.
 */
export function windowsIn(total: number, window: number, most: number): number[] {
  const needed = Math.max(1, Math.ceil(total / window));
  if (needed <= most) return Array.from({ length: needed }, (_, at) => at * window);
  return Array.from({ length: most }, (_, at) => Math.round((at * (total - window)) / (most - 1)));
}
