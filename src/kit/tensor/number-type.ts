import { badTensor } from './refusal.ts';

/** How the numbers of a tensor are stored. */
export type NumberType = 'float32' | 'float16' | 'bfloat16' | 'float64';

export const NUMBER_BYTES: Readonly<Record<NumberType, number>> = { float32: 4, float16: 2, bfloat16: 2, float64: 8 };

/** Little-endian numbers of a type as float32. Throws `inject.bad-vectors` (EMB_NOT_FINITE) at the first that is none. */
export function toFloat32(bytes: Uint8Array, type: NumberType, width: number): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float32Array(bytes.byteLength / NUMBER_BYTES[type]);
  const read = READERS[type];
  for (let at = 0; at < values.length; at++) {
    const value = Math.fround(read(view, at));
    if (!Number.isFinite(value)) throw notFinite(value, Math.floor(at / width), at % width);
    values[at] = value;
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

const READERS: Readonly<Record<NumberType, (view: DataView, at: number) => number>> = {
  float32: (view, at) => view.getFloat32(at * 4, true),
  float64: (view, at) => view.getFloat64(at * 8, true),
  float16: (view, at) => half(view.getUint16(at * 2, true)),
  bfloat16: (view, at) => upper(view.getUint16(at * 2, true)),
};

/** IEEE 754 half precision: 1 bit of sign, 5 of exponent, 10 of fraction. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const BITS = new Uint32Array(1);
const FLOAT = new Float32Array(BITS.buffer);

/** bfloat16 is the upper half of a float32. */
function upper(bits: number): number {
  BITS[0] = bits * 0x10000;
  return FLOAT[0] as number;
}

/** A float32 as the nearest bfloat16, ties to even, as PyTorch rounds. */
export function bfloat16Of(value: number): number {
  FLOAT[0] = value;
  const bits = BITS[0] as number;
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}
