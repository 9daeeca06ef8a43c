import { LEAST_SHARE, LEAST_T } from './rules.ts';

/** Looks begin here: a deviation of fewer says nothing. */
const FIRST_LOOK = 6;
/** Normal quantile of the bounds. Of components that would just pass one in a hundred is stopped, of clear ones none (futility.test.ts). */
const Z = 2.576;

/**
 * Whether to stop reading items to a model since what is left can hardly make them pass. Stops in either of two cases: the upper
 * bound of the information share is below the least that is let through; or, were the true gain as high as its upper bound, t
 * would still end below the least. Only refusals come early, so whoever is let through was read every item.
 */
export function isFutile(gains: readonly number[], textGains: readonly number[], total: number): boolean {
  const n = gains.length;
  if (n < FIRST_LOOK || n >= total) return false;
  const { mean, deviation } = meanAndDeviation(gains);
  const textMean = meanAndDeviation(textGains.slice(0, n)).mean;
  const upper = mean + (studentQuantile(n - 1) * deviation) / Math.sqrt(n);
  if (textMean > 0 && upper < LEAST_SHARE * textMean) return true;
  if (deviation === 0) return mean <= 0;
  const drift = upper / deviation;
  const expected = (mean / deviation) * (n / Math.sqrt(total)) + drift * ((total - n) / Math.sqrt(total));
  return expected < LEAST_T;
}

/** Mean and sample deviation; a deviation of 0 where there is one value. */
export function meanAndDeviation(values: readonly number[]): { readonly mean: number; readonly deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1)) };
}

/** t of a mean against 0. Infinite where nothing varies. */
export function tOf(values: readonly number[]): number {
  const { mean, deviation } = meanAndDeviation(values);
  if (deviation === 0) return mean === 0 ? 0 : Math.sign(mean) * Number.POSITIVE_INFINITY;
  return (mean / deviation) * Math.sqrt(values.length);
}

/** Student’s quantile from the normal one (Abramowitz and Stegun 26.7.5); within 1 % from five degrees of freedom on. */
export function studentQuantile(freedom: number, z = Z): number {
  const [z3, z5, z7] = [z ** 3, z ** 5, z ** 7];
  return (
    z +
    (z3 + z) / (4 * freedom) +
    (5 * z5 + 16 * z3 + 3 * z) / (96 * freedom ** 2) +
    (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * freedom ** 3)
  );
}
