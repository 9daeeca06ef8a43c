import { unusable } from '../vectors.ts';

/** Rows of numbers as they were read from a file. */
export interface Rows {
  readonly columns: number;
  readonly values: Float32Array;
}

const MAGIC = '\x93NUMPY';

/**
 * The rows of a NumPy file (numpy.org/neps/nep-0001-npy-format): one or two dimensions, little-endian f2, f4 or f8, row after row.
 * One dimension is one row. The declared shape must be just what the file holds. Throws `inject.component-unusable`.
 */
export function readNpy(bytes: Uint8Array, name: string): Rows {
  const broken = (why: string) => unusable(name, `it is no .npy file that can be read here: ${why}.`, HINT);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || Buffer.from(bytes.subarray(0, 6)).toString('latin1') !== MAGIC)
    throw broken('it does not begin as one');
  const isFirstVersion = bytes[6] === 1;
  const headStart = isFirstVersion ? 10 : 12;
  const headBytes = isFirstVersion ? view.getUint16(8, true) : view.getUint32(8, true);
  const start = headStart + headBytes;
  if (start > bytes.length || headBytes > 65_536) throw broken('its head is cut');
  const head = Buffer.from(bytes.subarray(headStart, start)).toString('latin1');
  const type = /'descr':\s*'([^']*)'/.exec(head)?.[1] ?? '';
  const size = { '<f2': 2, '<f4': 4, '<f8': 8 }[type];
  if (size === undefined) throw broken(`its numbers are of the type ${JSON.stringify(type.slice(0, 20))}`);
  if (!/'fortran_order':\s*False/.test(head)) throw broken('it is stored column after column');
  const shape = (/'shape':\s*\(([\d,\s]*)\)/.exec(head)?.[1] ?? '').split(',').map((one) => one.trim());
  const sides = shape.filter((one) => one !== '').map(Number);
  const [rows, columns] = sides.length === 1 ? [1, sides[0] ?? 0] : [sides[0] ?? 0, sides[1] ?? 0];
  if (sides.length === 0 || sides.length > 2 || rows * columns * size !== bytes.length - start) {
    throw broken(
      `its shape is (${sides.join(', ').slice(0, 40)}) and it holds ${bytes.length - start} bytes of numbers`,
    );
  }
  const values = new Float32Array(rows * columns);
  for (let at = 0; at < values.length; at++) {
    const place = start + at * size;
    values[at] =
      size === 4
        ? view.getFloat32(place, true)
        : size === 8
          ? view.getFloat64(place, true)
          : half(view.getUint16(place, true));
  }
  return { columns, values };
}

const HINT = 'Save it with numpy.save(file, array.astype("float32")), one row a vector.';

/** IEEE 754 half precision. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
