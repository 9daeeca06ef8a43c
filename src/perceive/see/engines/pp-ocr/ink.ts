import type { Pixels } from '#contract/media.ts';

/** How much is drawn in each column and each row of a strip of writing, 0–1 of its height or width. */
export interface Ink {
  readonly columns: Float32Array;
  readonly rows: Float32Array;
}

/** Finds what is drawn: the smaller side of the best split into dark and light (Otsu 1979). Without contrast, nothing. */
export function inkOf({ widthPx, heightPx, rgb }: Pixels): Ink {
  const grey = new Uint8Array(widthPx * heightPx);
  const histogram = new Float64Array(256);
  for (let at = 0; at < grey.length; at += 1) {
    const value = Math.round(
      ((rgb[at * 3] ?? 0) * 299 + (rgb[at * 3 + 1] ?? 0) * 587 + (rgb[at * 3 + 2] ?? 0) * 114) / 1000,
    );
    grey[at] = value;
    histogram[value] = (histogram[value] ?? 0) + 1;
  }
  const { threshold, darkShare } = bestSplit(histogram, grey.length);
  const columns = new Float32Array(widthPx);
  const rows = new Float32Array(heightPx);
  const darkIsInk = darkShare <= 0.5;
  for (let at = 0; at < grey.length; at += 1) {
    if ((grey[at] ?? 0) <= threshold !== darkIsInk) continue;
    const [x, y] = [at % widthPx, Math.floor(at / widthPx)];
    columns[x] = (columns[x] ?? 0) + 1 / heightPx;
    rows[y] = (rows[y] ?? 0) + 1 / widthPx;
  }
  return { columns, rows };
}

/** The stretches of `profile` with at most `atMost` in them, as [from, to). */
export function blanksIn(profile: Float32Array, atMost: number): [number, number][] {
  const found: [number, number][] = [];
  let from = -1;
  for (let at = 0; at <= profile.length; at += 1) {
    const blank = at < profile.length && (profile[at] ?? 0) <= atMost;
    if (blank && from < 0) from = at;
    if (!blank && from >= 0) {
      found.push([from, at]);
      from = -1;
    }
  }
  return found;
}

/** How far what is drawn reaches, from its first row to its last. */
export function inkHeight({ rows }: Ink, atLeast = 0.004): number {
  let [first, last] = [-1, -1];
  for (const [at, share] of rows.entries()) {
    if (share < atLeast) continue;
    if (first < 0) first = at;
    last = at;
  }
  return first < 0 ? 0 : last - first + 1;
}

function bestSplit(histogram: Float64Array, count: number): { threshold: number; darkShare: number } {
  const total = histogram.reduce((sum, times, value) => sum + times * value, 0);
  let [dark, darkSum, best, threshold, darkShare] = [0, 0, -1, 0, 0];
  for (let value = 0; value < 255; value += 1) {
    dark += histogram[value] ?? 0;
    darkSum += (histogram[value] ?? 0) * value;
    if (dark === 0 || dark === count) continue;
    const light = count - dark;
    const apart = (darkSum / dark - (total - darkSum) / light) ** 2 * dark * light;
    if (apart > best) [best, threshold, darkShare] = [apart, value, dark / count];
  }
  return { threshold, darkShare };
}
