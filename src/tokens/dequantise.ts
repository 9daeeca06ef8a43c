/**
 * A way numbers are stored in a row of weights: `values` of them in each block of `bytes`. Layouts and formulas are those of
 * ggml (ggml-org/llama.cpp, `ggml-common.h` and `dequantize_row_*`); the tests hold them to what the gguf package for Python reads.
 */
export interface Storage {
  readonly name: string;
  readonly values: number;
  readonly bytes: number;
  /** Reads the block at `from` into `out` at `to`. */
  read(view: DataView, from: number, out: Float32Array, to: number): void;
}

const halves = new Float32Array(65_536).fill(Number.NaN);

/** An IEEE half-precision number. */
function half(view: DataView, at: number): number {
  const bits = view.getUint16(at, true);
  const known = halves[bits] ?? 0;
  if (!Number.isNaN(known)) return known;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  const size =
    exponent === 31
      ? fraction === 0
        ? Number.POSITIVE_INFINITY
        : Number.NaN
      : exponent === 0
        ? fraction * 2 ** -24
        : (1 + fraction / 1024) * 2 ** (exponent - 15);
  const value = bits & 0x8000 ? -size : size;
  halves[bits] = value;
  return value;
}

const plain = (name: string, bytes: number, number: (view: DataView, at: number) => number): Storage => ({
  ...{ name, values: 1, bytes },
  read: (view, from, out, to) => {
    out[to] = number(view, from);
  },
});

const bits = new DataView(new ArrayBuffer(4));
function bfloat(view: DataView, at: number): number {
  bits.setUint32(0, view.getUint16(at, true) << 16);
  return bits.getFloat32(0);
}

/** Blocks of 32 numbers of 4 or 5 bits: with a smallest number or around zero. */
function small(name: string, wide: boolean, withLeast: boolean): Storage {
  const high = withLeast ? 4 : 2;
  const low = high + (wide ? 4 : 0);
  const middle = wide ? 16 : 8;
  return {
    ...{ name, values: 32, bytes: low + 16 },
    read: (view, from, out, to) => {
      const scale = half(view, from);
      const least = withLeast ? half(view, from + 2) : -middle * scale;
      const fifth = wide ? view.getUint32(from + high, true) : 0;
      for (let at = 0; at < 16; at++) {
        const both = view.getUint8(from + low + at);
        out[to + at] = scale * ((both & 15) | (((fifth >>> at) & 1) << 4)) + least;
        out[to + at + 16] = scale * ((both >> 4) | (((fifth >>> (at + 16)) & 1) << 4)) + least;
      }
    },
  };
}

const eight: Storage = {
  ...{ name: 'Q8_0', values: 32, bytes: 34 },
  read: (view, from, out, to) => {
    const scale = half(view, from);
    for (let at = 0; at < 32; at++) out[to + at] = scale * view.getInt8(from + 2 + at);
  },
};

/** Scale and least of one of the eight parts of a Q4_K or Q5_K block: 6 bits each, packed into 12 bytes. */
function scaleOf(view: DataView, from: number, part: number): readonly [number, number] {
  const at = (index: number) => view.getUint8(from + index);
  if (part < 4) return [at(part) & 63, at(part + 4) & 63];
  const mixed = at(part + 4);
  return [(mixed & 15) | ((at(part - 4) >> 6) << 4), (mixed >> 4) | ((at(part) >> 6) << 4)];
}

/** Blocks of 256 numbers of 4 or 5 bits in eight parts. */
function parted(name: string, wide: boolean): Storage {
  const low = wide ? 48 : 16;
  return {
    ...{ name, values: 256, bytes: low + 128 },
    read: (view, from, out, to) => {
      const scale = half(view, from);
      const least = half(view, from + 2);
      for (let part = 0; part < 8; part++) {
        const [times, less] = scaleOf(view, from + 4, part);
        const one = scale * times;
        const off = least * less;
        const bytes = from + low + (part >> 1) * 32;
        for (let at = 0; at < 32; at++) {
          const both = view.getUint8(bytes + at);
          const four = part & 1 ? both >> 4 : both & 15;
          const fifth = wide ? ((view.getUint8(from + 16 + at) >> part) & 1) << 4 : 0;
          out[to + part * 32 + at] = one * (four | fifth) - off;
        }
      }
    },
  };
}

/** Blocks of 256 numbers of 6 bits in sixteen parts. */
const six: Storage = {
  ...{ name: 'Q6_K', values: 256, bytes: 210 },
  read: (view, from, out, to) => {
    const scale = half(view, from + 208);
    for (let at = 0; at < 256; at++) {
      const inHalf = at & 127;
      const half128 = at >> 7;
      const low = view.getUint8(from + half128 * 64 + (inHalf & 63));
      const high = view.getUint8(from + 128 + half128 * 32 + (inHalf & 31));
      const four = inHalf < 64 ? low & 15 : low >> 4;
      const two = (high >> ((inHalf >> 5) * 2)) & 3;
      out[to + at] = scale * view.getInt8(from + 192 + (at >> 4)) * ((four | (two << 4)) - 32);
    }
  },
};

const F32 = plain('F32', 4, (view, at) => view.getFloat32(at, true));
const F16 = plain('F16', 2, half);
const BF16 = plain('BF16', 2, bfloat);

/** By the number a GGUF file gives it (`ggml_type`). */
export const GGML_STORAGE: ReadonlyMap<number, Storage> = new Map<number, Storage>([
  [0, F32],
  [1, F16],
  [2, small('Q4_0', false, false)],
  [3, small('Q4_1', false, true)],
  [6, small('Q5_0', true, false)],
  [7, small('Q5_1', true, true)],
  [8, eight],
  [12, parted('Q4_K', false)],
  [13, parted('Q5_K', true)],
  [14, six],
  [30, BF16],
]);

/** By the name a safetensors file gives it. */
export const SAFETENSORS_STORAGE: ReadonlyMap<string, Storage> = new Map(
  [F32, F16, BF16].map((one) => [one.name, one]),
);
