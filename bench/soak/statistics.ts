/** A straight line through points: how much it rises for each unit, with the interval that holds the truth in 95 of 100 cases. */
export interface Slope {
  readonly slope: number;
  readonly low: number;
  readonly high: number;
}

/** Student's t for 97.5 % by degrees of freedom; beyond the table, that of the normal distribution. */
const T_975 = [
  12.71, 4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.2, 2.18, 2.16, 2.14, 2.13, 2.12, 2.11, 2.1,
];
const Z_975 = 1.96;

/**
 * Least squares. Neighbouring samples of a server’s memory resemble each other, so they count for fewer: n·(1 − r)/(1 + r)
 * with the residuals’ lag-1 correlation r (Bayley and Hammersley, 1946). `null` with fewer than four points.
 */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): Slope | null {
  const n = points.length;
  if (n < 4) return null;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n;
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  if (spread === 0) return null;
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
  const rests = points.map(([x, y]) => y - meanY - slope * (x - meanX));
  const squares = rests.reduce((sum, rest) => sum + rest ** 2, 0);
  const alike =
    squares === 0 ? 0 : rests.slice(1).reduce((sum, rest, at) => sum + rest * (rests[at] ?? 0), 0) / squares;
  const r = Math.max(0, alike);
  const counted = Math.max(3, (n * (1 - r)) / (1 + r));
  const degrees = counted - 2;
  const error = Math.sqrt(squares / degrees / spread);
  const margin = error * (T_975[Math.round(degrees) - 1] ?? Z_975);
  return { slope, low: slope - margin, high: slope + margin };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** The smallest value that at least this share of all does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
