import { badTensor } from './refusal.ts';

/** How the numbers of a tensor are stored. */
export type NumberType = 'float32' | 'float16' | 'bfloat16' | 'float64';

export const NUMBER_BYTES: Readonly<Record<NumberType, number>> = { float32: 4, float16: 2, bfloat16: 2, float64: 8 };

/**
 * Numbers of a type as float32. Like the machines that Node.js runs on, they are little-endian. Throws `inject.bad-vectors`
 * (EMB_NOT_FINITE) at the first that is none.
 */
export function toFloat32(bytes: Uint8Array, type: NumberType, width: number): Float32Array {
  const values = type === 'float32' ? new Float32Array(Uint8Array.from(bytes).buffer) : widened(bytes, type);
  const bad = firstNotFinite(values);
  if (bad >= 0) throw notFinite(values[bad] ?? Number.NaN, Math.floor(bad / width), bad % width);
  return values;
}

/** Where the first number that is none stands; −1 where all are. */
export function firstNotFinite(values: Float32Array): number {
  for (let at = 0; at < values.length; at++) if (!Number.isFinite(values[at])) return at;
  return -1;
}

function widened(bytes: Uint8Array, type: Exclude<NumberType, 'float32'>): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float32Array(bytes.byteLength / NUMBER_BYTES[type]);
  const bits = new Uint32Array(values.buffer);
  for (let at = 0; at < values.length; at++) {
    // bfloat16 is the upper half of a float32.
    if (type === 'bfloat16') bits[at] = view.getUint16(at * 2, true) << 16;
    else values[at] = type === 'float64' ? view.getFloat64(at * 8, true) : half(view.getUint16(at * 2, true));
  }
  return values;
}

/** The refusal of a number that is none, by where it stands. */
export function notFinite(value: number, row: number, column: number): Error {
  return badTensor('EMB_NOT_FINITE', `Row ${row} has ${value} in column ${column}.`, {
    hint: 'Find where it comes from; a model would answer without an error and with nonsense.',
    measured: `${value} in row ${row}`,
    threshold: 'finite numbers',
  });
}

/** IEEE 754 half precision: 1 bit of sign, 5 of exponent, 10 of fraction. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Finite float32 as the nearest bfloat16, ties to even, as PyTorch rounds. */
export function bfloat16Of(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const upper = new Uint16Array(values.length);
  for (let at = 0; at < bits.length; at++) {
    const one = bits[at] ?? 0;
    upper[at] = (one + 0x7fff + ((one >>> 16) & 1)) >>> 16;
  }
  return upper;
}
