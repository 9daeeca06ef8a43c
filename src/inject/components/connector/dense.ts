/** Matrices as one array, row after row: just what closed-form fitting needs, fast enough in plain loops. */
export interface Dense {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

/** A matrix of these rows, each made by `row`. */
export function dense(rows: number, columns: number, fill?: (values: Float64Array) => void): Dense {
  const values = new Float64Array(rows * columns);
  fill?.(values);
  return { rows, columns, values };
}

/** Numbers that lie row after row, as a matrix. */
export function denseOf(values: ArrayLike<number>, columns: number): Dense {
  return { rows: values.length / columns, columns, values: Float64Array.from(values) };
}

/** one · other. */
export function times(one: Dense, other: Dense): Dense {
  const out = dense(one.rows, other.columns);
  for (let row = 0; row < one.rows; row++) {
    const into = out.values.subarray(row * other.columns, (row + 1) * other.columns);
    addProduct(into, one.values, { start: row * one.columns, step: 1, count: one.columns }, other);
  }
  return out;
}

/** oneᵀ · other: products of columns, without turning anything. */
export function transposedTimes(one: Dense, other: Dense): Dense {
  const out = dense(one.columns, other.columns);
  for (let column = 0; column < one.columns; column++) {
    const into = out.values.subarray(column * other.columns, (column + 1) * other.columns);
    addProduct(into, one.values, { start: column, step: one.columns, count: one.rows }, other);
  }
  return out;
}

/** Adds rows of a matrix, each times its factor; four at a time, which halves the traffic with memory. */
function addProduct(
  into: Float64Array,
  factors: Float64Array,
  { start, step, count }: { readonly start: number; readonly step: number; readonly count: number },
  { columns, values }: Dense,
): void {
  // The casts are for speed: a check for each number would cost more than the sums.
  const factorAt = (place: number) => (place < count ? (factors[start + place * step] as number) : 0);
  for (let inner = 0; inner < count; inner += 4) {
    const [f0, f1, f2, f3] = [factorAt(inner), factorAt(inner + 1), factorAt(inner + 2), factorAt(inner + 3)];
    const r0 = inner * columns;
    const r1 = Math.min(inner + 1, count - 1) * columns;
    const r2 = Math.min(inner + 2, count - 1) * columns;
    const r3 = Math.min(inner + 3, count - 1) * columns;
    for (let at = 0; at < columns; at++) {
      into[at] =
        (into[at] as number) +
        f0 * (values[r0 + at] as number) +
        f1 * (values[r1 + at] as number) +
        f2 * (values[r2 + at] as number) +
        f3 * (values[r3 + at] as number);
    }
  }
}

export function transposed({ rows, columns, values }: Dense): Dense {
  const out = dense(columns, rows);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      out.values[column * rows + row] = values[row * columns + column] ?? 0;
  return out;
}

/** The mean of each column. */
export function columnMeans({ rows, columns, values }: Dense): Float64Array {
  const means = new Float64Array(columns);
  for (let at = 0; at < values.length; at++)
    means[at % columns] = (means[at % columns] ?? 0) + (values[at] ?? 0) / rows;
  return means;
}

/** The same with this taken off each row. */
export function centred(matrix: Dense, means: Float64Array): Dense {
  const { rows, columns, values } = matrix;
  return { rows, columns, values: values.map((value, at) => value - (means[at % columns] ?? 0)) };
}

/** Some of its rows, in this order. */
export function rowsAt(matrix: Dense, places: readonly number[]): Dense {
  const { columns, values } = matrix;
  return dense(places.length, columns, (into) =>
    places.forEach((place, at) => void into.set(values.subarray(place * columns, (place + 1) * columns), at * columns)),
  );
}

export function row({ columns, values }: Dense, at: number): Float64Array {
  return values.subarray(at * columns, (at + 1) * columns);
}

export function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += (one[at] as number) * (other[at] as number);
  return sum;
}

export function length(vector: Float64Array): number {
  return Math.sqrt(dot(vector, vector));
}

export function cosine(one: Float64Array, other: Float64Array): number {
  const both = length(one) * length(other);
  return both === 0 ? 0 : dot(one, other) / both;
}
