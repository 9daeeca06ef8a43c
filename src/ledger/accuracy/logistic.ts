import { z } from 'zod';

/** Logistic regression over standardised features; an unknown feature counts as its mean. */
export const Logistic = z.object({
  kind: z.literal('logistic'),
  bias: z.number().finite(),
  weights: z.array(z.number().finite()).max(200),
  means: z.array(z.number().finite()).max(200),
  scales: z.array(z.number().positive().finite()).max(200),
});
export type Logistic = z.infer<typeof Logistic>;

/** Standardised features beyond this are taken as this: an outlier must not decide alone. */
const FURTHEST = 6;

/** The log-odds that a model gives a row of features. */
export function scoreByLogistic({ bias, weights, means, scales }: Logistic, row: ArrayLike<number>): number {
  let score = bias;
  for (let at = 0; at < weights.length; at += 1)
    score += (weights[at] ?? 0) * standard(row[at] ?? Number.NaN, means[at] ?? 0, scales[at] ?? 1);
  return score;
}

function standard(value: number, mean: number, scale: number): number {
  return Number.isNaN(value) ? 0 : Math.min(FURTHEST, Math.max(-FURTHEST, (value - mean) / scale));
}

export interface LogisticOptions {
  /** Weight of Σ w²/2 beside the summed loss of the rows. */
  readonly l2?: number | undefined;
}

/** Fits by Newton's method (iteratively reweighted least squares) with L2 on all weights but the bias. `rows[i]` are the features of item `i`. */
export function fitLogistic(
  rows: readonly ArrayLike<number>[],
  wrong: readonly boolean[],
  { l2 = 30 }: LogisticOptions = {},
): Logistic {
  const width = rows[0]?.length ?? 0;
  const { means, scales } = standardsOf(rows, width);
  const standardised = rows.map((row) => {
    const one = new Float64Array(width + 1);
    one[width] = 1;
    for (let at = 0; at < width; at += 1) one[at] = standard(row[at] ?? Number.NaN, means[at] ?? 0, scales[at] ?? 1);
    return one;
  });
  const weights = newton(standardised, wrong, width + 1, l2);
  return { kind: 'logistic', bias: weights[width] ?? 0, weights: [...weights.subarray(0, width)], means, scales };
}

/** The line through log-odds that fits best what came of them (Platt scaling), as `slope` and `offset`. */
export function fitLine(scores: ArrayLike<number>, wrong: readonly boolean[]): { slope: number; offset: number } {
  const rows = Array.from({ length: wrong.length }, (_, at) => Float64Array.of(scores[at] ?? 0, 1));
  const [slope = 1, offset = 0] = newton(rows, wrong, 2, 1e-3);
  return { slope, offset };
}

const MOST_STEPS = 30;

/** Newton's method, its steps halved where they would make the loss larger; the last column is the bias and is not held small. */
function newton(rows: readonly Float64Array[], wrong: readonly boolean[], width: number, l2: number): Float64Array {
  let weights = new Float64Array(width);
  let loss = lossOf(rows, wrong, weights, l2);
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const change = newtonStep(rows, wrong, weights, l2);
    let share = 1;
    let next = weights;
    let nextLoss = Number.POSITIVE_INFINITY;
    for (; share > 1e-4; share /= 2) {
      const by = share;
      next = weights.map((weight, at) => weight - by * (change[at] ?? 0));
      nextLoss = lossOf(rows, wrong, next, l2);
      if (nextLoss <= loss) break;
    }
    if (!(nextLoss <= loss)) return weights;
    const gained = loss - nextLoss;
    weights = next;
    loss = nextLoss;
    if (gained < 1e-9 * (1 + Math.abs(loss))) break;
  }
  return weights;
}

function lossOf(rows: readonly Float64Array[], wrong: readonly boolean[], weights: Float64Array, l2: number): number {
  let loss = 0;
  for (const [at, row] of rows.entries()) {
    const score = dot(row, weights);
    // log(1 + e^score) without overflow.
    loss += Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score))) - (wrong[at] ? score : 0);
  }
  for (let at = 0; at < weights.length - 1; at += 1) loss += (l2 / 2) * (weights[at] ?? 0) ** 2;
  return loss;
}

function newtonStep(rows: readonly Float64Array[], wrong: readonly boolean[], weights: Float64Array, l2: number) {
  const width = weights.length;
  const hessian = Array.from({ length: width }, () => new Float64Array(width));
  const gradient = new Float64Array(width);
  for (const [item, row] of rows.entries()) {
    const p = 1 / (1 + Math.exp(-dot(row, weights)));
    const error = p - (wrong[item] ? 1 : 0);
    const curve = p * (1 - p);
    for (let a = 0; a < width; a += 1) {
      const value = row[a] as number;
      if (value === 0) continue;
      gradient[a] = (gradient[a] as number) + error * value;
      const line = hessian[a] as Float64Array;
      for (let b = 0; b <= a; b += 1) line[b] = (line[b] as number) + curve * value * (row[b] as number);
    }
  }
  for (let a = 0; a < width; a += 1) {
    const line = hessian[a] as Float64Array;
    // A little on the bias too, so that the matrix has an inverse.
    line[a] = (line[a] as number) + (a < width - 1 ? l2 : 0) + 1e-6;
    if (a < width - 1) gradient[a] = (gradient[a] as number) + l2 * (weights[a] as number);
  }
  return solve(hessian, gradient);
}

/** Solves A x = b for a symmetric positive definite A, of which the lower half is given (Cholesky). */
function solve(lower: Float64Array[], b: Float64Array): Float64Array {
  const size = b.length;
  const at = (row: number, column: number) => lower[row]?.[column] as number;
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = at(i, j);
      for (let k = 0; k < j; k += 1) sum -= at(i, k) * at(j, k);
      (lower[i] as Float64Array)[j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / at(j, j);
    }
  }
  const x = Float64Array.from(b);
  for (let i = 0; i < size; i += 1) {
    for (let k = 0; k < i; k += 1) x[i] = (x[i] as number) - at(i, k) * (x[k] as number);
    x[i] = (x[i] as number) / at(i, i);
  }
  for (let i = size - 1; i >= 0; i -= 1) {
    for (let k = i + 1; k < size; k += 1) x[i] = (x[i] as number) - at(k, i) * (x[k] as number);
    x[i] = (x[i] as number) / at(i, i);
  }
  return x;
}

function standardsOf(rows: readonly ArrayLike<number>[], width: number): { means: number[]; scales: number[] } {
  const means: number[] = [];
  const scales: number[] = [];
  for (let at = 0; at < width; at += 1) {
    let [count, sum, squares] = [0, 0, 0];
    for (const row of rows) {
      const value = row[at] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      count += 1;
      sum += value;
      squares += value * value;
    }
    const mean = count === 0 ? 0 : sum / count;
    const variance = count === 0 ? 0 : Math.max(0, squares / count - mean * mean);
    means.push(mean);
    scales.push(variance > 1e-12 ? Math.sqrt(variance) : 1);
  }
  return { means, scales };
}

function dot(row: Float64Array, weights: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < row.length; at += 1) sum += (row[at] as number) * (weights[at] as number);
  return sum;
}
