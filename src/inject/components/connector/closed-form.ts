import { CholeskyDecomposition, EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { type Dense, dense, times, transposed, transposedTimes } from './dense.ts';

/**
 * Ridge regression: the W (inputs × outputs) that makes ‖XW − Y‖² + λ‖W‖² least, for any λ, given as a share of the mean squared length
 * of a column of X. Solved on whichever side is smaller: XᵀX, or XXᵀ where there are fewer pairs than dimensions.
 */
export function ridge(inputs: Dense, targets: Dense): (strength: number) => Dense {
  const isTall = inputs.rows >= inputs.columns;
  const square = isTall ? transposedTimes(inputs, inputs) : times(inputs, transposed(inputs));
  const right = isTall ? transposedTimes(inputs, targets) : targets;
  const mean = squares(inputs) / inputs.columns;
  return (strength) => {
    const solved = solve(square, strength * mean, right);
    return isTall ? solved : transposedTimes(inputs, solved);
  };
}

/** Singular values below this share of the largest are noise of float64 squared. */
const SMALLEST_SINGULAR = 1e-6;

/**
 * Orthogonal Procrustes (Schönemann 1966): the W with orthonormal rows or columns, whichever are fewer, times the scale, that makes
 * ‖XW − Y‖² least. It is the polar factor of M = XᵀY, (MMᵀ)^(−½)·M; directions that the pairs say nothing of map to 0.
 */
export function procrustes(inputs: Dense, targets: Dense): Dense {
  const both = transposedTimes(inputs, targets);
  const isWide = both.rows <= both.columns;
  const gram = isWide ? times(both, transposed(both)) : transposedTimes(both, both);
  const { realEigenvalues: values, eigenvectorMatrix } = new EigenvalueDecomposition(matrixOf(gram), {
    assumeSymmetric: true,
  });
  const vectors = denseFrom(eigenvectorMatrix);
  const singular = values.map((value) => Math.sqrt(Math.max(0, value)));
  const floor = Math.max(...singular) * SMALLEST_SINGULAR;
  const scaled = dense(vectors.rows, vectors.columns, (into) => {
    for (let at = 0; at < into.length; at++) {
      const one = singular[at % vectors.columns] ?? 0;
      into[at] = one > floor ? (vectors.values[at] ?? 0) / one : 0;
    }
  });
  const inverseRoot = times(scaled, transposed(vectors));
  const polar = isWide ? times(inverseRoot, both) : times(both, inverseRoot);
  const scale = singular.reduce((sum, one) => sum + one, 0) / (squares(inputs) || 1);
  return { ...polar, values: polar.values.map((value) => value * scale) };
}

function solve(square: Dense, penalty: number, right: Dense): Dense {
  const matrix = matrixOf(square);
  for (let at = 0; at < square.rows; at++) matrix.set(at, at, matrix.get(at, at) + penalty);
  return denseFrom(new CholeskyDecomposition(matrix).solve(matrixOf(right)));
}

/** The sum of all squares. */
function squares({ values }: Dense): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}

function matrixOf({ rows, columns, values }: Dense): Matrix {
  const matrix = new Matrix(rows, columns);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) matrix.set(row, column, values[row * columns + column] ?? 0);
  return matrix;
}

function denseFrom(matrix: Matrix): Dense {
  return dense(matrix.rows, matrix.columns, (into) => {
    for (let row = 0; row < matrix.rows; row++)
      for (let column = 0; column < matrix.columns; column++)
        into[row * matrix.columns + column] = matrix.get(row, column);
  });
}
