import { z } from 'zod';

/**
 * Boosted oblivious trees: each asks the same few questions of every row, so that the answers are the number of a leaf. `features`
 * and `thresholds` have one entry a question (bit k of the leaf is “above threshold k”; a missing value is not above), `leaves` 2^questions.
 */
export const Trees = z.object({
  kind: z.literal('trees'),
  start: z.number(),
  trees: z
    .array(
      z.object({
        features: z.array(z.number().int().nonnegative()).max(8),
        thresholds: z.array(z.number()).max(8),
        leaves: z.array(z.number()).max(256),
      }),
    )
    .max(2000),
});
export type Trees = z.infer<typeof Trees>;

/** The log-odds that trees give a row. */
export function scoreByTrees({ start, trees }: Trees, row: readonly number[]): number {
  let sum = start;
  for (const { features, thresholds, leaves } of trees) {
    let leaf = 0;
    for (let at = 0; at < features.length; at += 1)
      if ((row[features[at] ?? 0] ?? Number.NaN) > (thresholds[at] ?? 0)) leaf |= 1 << at;
    sum += leaves[leaf] ?? 0;
  }
  return sum;
}

// Chosen once, coarse and ordinary; nothing here follows the shared data to the decimal.
const TREES = 200;
const DEPTH = 4;
const RATE = 0.1;
const RIDGE = 10;
const BINS = 64;

/** Fits trees by gradient boosting of the log loss (Friedman 2001), second order, on half of the rows each. The same rows give the same trees. */
export function fitTrees(rows: readonly (readonly number[])[], labels: readonly number[]): Trees {
  const count = rows.length;
  const columns = columnsOf(rows);
  const rate = labels.reduce((sum, label) => sum + label, 0) / Math.max(count, 1);
  const start = Math.log(rate / (1 - rate));
  const sums = new Float64Array(count).fill(start);
  const trees: Trees['trees'] = [];
  const gradients = new Float64Array(count);
  const curvatures = new Float64Array(count);
  for (let number = 0; number < TREES; number += 1) {
    const drawn = rowsOf(count, number);
    for (const at of drawn) {
      const predicted = 1 / (1 + Math.exp(-(sums[at] ?? 0)));
      gradients[at] = predicted - (labels[at] ?? 0);
      curvatures[at] = predicted * (1 - predicted);
    }
    const { tree, leafOf } = growTree(columns, { drawn, gradients, curvatures });
    trees.push(tree);
    for (let at = 0; at < count; at += 1) sums[at] = (sums[at] ?? 0) + (tree.leaves[leafOf[at] ?? 0] ?? 0);
  }
  return { kind: 'trees', start: round(start), trees };
}

interface Column {
  /** Of each row: how many of the edges are below its value. */
  readonly bins: Uint8Array;
  readonly edges: readonly number[];
}

function columnsOf(rows: readonly (readonly number[])[]): Column[] {
  return Array.from({ length: rows[0]?.length ?? 0 }, (_, feature) => {
    const values = Float64Array.from(rows, (row) => row[feature] ?? Number.NaN);
    const sorted = values.filter((value) => !Number.isNaN(value)).sort();
    const cuts = Array.from({ length: BINS - 1 }, (_, at) => sorted[Math.floor(((at + 1) * sorted.length) / BINS)]);
    const edges = [...new Set(cuts.flatMap((cut) => (cut === undefined || cut === sorted.at(-1) ? [] : [round(cut)])))];
    const bins = Uint8Array.from(values, (value) => {
      let bin = 0;
      while (bin < edges.length && value > (edges[bin] ?? 0)) bin += 1;
      return bin;
    });
    return { bins, edges };
  });
}

/** The rows that a tree is grown on, and of each row of all the slope of the loss there. */
interface Slopes {
  readonly drawn: Int32Array;
  readonly gradients: Float64Array;
  readonly curvatures: Float64Array;
}

function growTree(columns: readonly Column[], slopes: Slopes) {
  const { drawn, gradients, curvatures } = slopes;
  const leafOf = new Uint8Array(gradients.length);
  const tree = { features: [] as number[], thresholds: [] as number[], leaves: [] as number[] };
  for (let depth = 0; depth < DEPTH; depth += 1) {
    let best = { gain: 0, feature: -1, edge: -1 };
    for (const [feature, column] of columns.entries()) {
      const found = bestEdge(column, leafOf, 1 << depth, slopes);
      if (found.gain > best.gain) best = { ...found, feature };
    }
    const column = columns[best.feature];
    if (!column) break;
    tree.features.push(best.feature);
    tree.thresholds.push(column.edges[best.edge] ?? 0);
    for (let at = 0; at < leafOf.length; at += 1)
      if ((column.bins[at] ?? 0) > best.edge) leafOf[at] = (leafOf[at] ?? 0) | (1 << depth);
  }
  const sums = new Float64Array(2 << tree.features.length);
  for (const at of drawn) addTo(sums, leafOf[at] ?? 0, gradients[at] ?? 0, curvatures[at] ?? 0);
  tree.leaves = Array.from({ length: 1 << tree.features.length }, (_, leaf) =>
    round((-RATE * (sums[2 * leaf] ?? 0)) / ((sums[2 * leaf + 1] ?? 0) + RIDGE)),
  );
  return { tree, leafOf };
}

/** The question of one column that parts every leaf best, all leaves together. */
function bestEdge(
  { bins, edges }: Column,
  leafOf: Uint8Array,
  leaves: number,
  { drawn, gradients, curvatures }: Slopes,
): { gain: number; edge: number } {
  const sums = new Float64Array(2 * leaves * BINS);
  for (const at of drawn)
    addTo(sums, (leafOf[at] ?? 0) * BINS + (bins[at] ?? 0), gradients[at] ?? 0, curvatures[at] ?? 0);
  const gains = new Float64Array(edges.length);
  for (let leaf = 0; leaf < leaves; leaf += 1) {
    let [allG, allH] = [0, 0];
    for (let bin = 0; bin < BINS; bin += 1) {
      allG += sums[2 * (leaf * BINS + bin)] ?? 0;
      allH += sums[2 * (leaf * BINS + bin) + 1] ?? 0;
    }
    let [g, h] = [0, 0];
    for (let edge = 0; edge < edges.length; edge += 1) {
      g += sums[2 * (leaf * BINS + edge)] ?? 0;
      h += sums[2 * (leaf * BINS + edge) + 1] ?? 0;
      gains[edge] =
        (gains[edge] ?? 0) + g ** 2 / (h + RIDGE) + (allG - g) ** 2 / (allH - h + RIDGE) - allG ** 2 / (allH + RIDGE);
    }
  }
  let best = { gain: 0, edge: -1 };
  for (const [edge, gain] of gains.entries()) if (gain > best.gain) best = { gain, edge };
  return best;
}

function addTo(sums: Float64Array, place: number, gradient: number, curvature: number): void {
  sums[2 * place] = (sums[2 * place] ?? 0) + gradient;
  sums[2 * place + 1] = (sums[2 * place + 1] ?? 0) + curvature;
}

function rowsOf(count: number, tree: number): Int32Array {
  return Int32Array.from({ length: count }, (_, at) => at).filter((at) => isDrawn(at, tree));
}

/** Half of the rows, another half for each tree; mixed so that neighbours are not drawn together. */
function isDrawn(row: number, tree: number): boolean {
  let mixed = Math.imul(row + 1, 0x9e3779b1) ^ Math.imul(tree + 1, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  return ((mixed ^ (mixed >>> 13)) & 1) === 1;
}

/** Five digits are enough for odds, and keep the files small. */
function round(value: number): number {
  return Number(value.toPrecision(5));
}
