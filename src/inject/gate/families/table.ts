/** A table a spoiled component draws on: rows by token, `width` numbers each. */
export interface Table {
  readonly width: number;
  readonly vocabulary: number;
  rows(tokens: readonly number[]): Promise<Float32Array>;
}

/** A table that is read from a file, as one to draw on. */
export function foreignTable(file: {
  readonly width: number;
  readonly count: number;
  rows(tokens: readonly number[]): Promise<readonly Float32Array[]>;
}): Table {
  return {
    ...{ width: file.width, vocabulary: file.count },
    async rows(tokens) {
      const all = new Float32Array(tokens.length * file.width);
      for (const [at, row] of (await file.rows(tokens)).entries()) all.set(row, at * file.width);
      return all;
    },
  };
}

/** What a family makes of an item: rows for its tokens, spoiled. `at` is the item’s place, `items` all of them. */
export interface Spoiled {
  readonly tokens: readonly number[];
  readonly at: number;
  readonly items: readonly (readonly number[])[];
}

/** A way to make vectors. The same seed makes the same ones. */
export type Family = (
  own: Table,
  seed: number,
  foreign: Table | null,
) => Promise<(item: Spoiled) => Promise<Float32Array>>;

/** Draws of a normal distribution (Box and Muller). */
export const gaussianOf = (random: () => number) => () =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Places in another order (Fisher and Yates). */
export function shuffled(count: number, random: () => number): Int32Array {
  const order = Int32Array.from({ length: count }, (_, at) => at);
  for (let at = count - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [order[at], order[other]] = [order[other] as number, order[at] as number];
  }
  return order;
}

/** Changes every row in its place. */
export const eachRow = (values: Float32Array, width: number, change: (row: Float32Array, at: number) => void) => {
  for (let at = 0; at * width < values.length; at++) change(values.subarray(at * width, (at + 1) * width), at);
  return values;
};

/** The length of a row. */
export const normOf = (row: Float32Array) => Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));

/** Rows of some tokens, to know what rows look like. */
export async function sample(own: Table, count: number, random: () => number): Promise<Float32Array> {
  return own.rows(Array.from({ length: count }, () => Math.floor(random() * own.vocabulary)));
}

/** The rows of a table of numbers. */
export const rowsOf = (values: Float32Array, width: number) =>
  Array.from({ length: values.length / width }, (_, at) => values.subarray(at * width, (at + 1) * width));
