import { notFinite } from './number-type.ts';
import type { Rows } from './torch-file.ts';

/**
 * Rows as JSON, a list of lists, in pieces of a row: its size, and its bytes made anew each time. Every number has a fraction or an
 * exponent, and is exact as float32. Throws `inject.bad-vectors` at a number that is none.
 */
export function jsonRows({ rows, width, values }: Rows): {
  readonly sizeBytes: number;
  pieces(): Generator<Buffer, void, undefined>;
} {
  const made = function* () {
    for (let row = 0; row < rows; row++) {
      const texts = Array.from(values.subarray(row * width, (row + 1) * width), (value, column) => {
        if (!Number.isFinite(value)) throw notFinite(value, row, column);
        return fraction(value);
      });
      yield Buffer.from(`${row === 0 ? '[' : ','}[${texts.join(',')}]${row === rows - 1 ? ']' : ''}`, 'latin1');
    }
  };
  let sizeBytes = 0;
  for (const piece of made()) sizeBytes += piece.length;
  return { sizeBytes, pieces: made };
}

/** Nine digits tell every float32 from its neighbours. Python reads `1` as an integer, and SGLang then takes a row for text. */
function fraction(value: number): string {
  const text = String(Number(value.toPrecision(9)));
  return /[.e]/.test(text) ? text : `${text}.0`;
}
