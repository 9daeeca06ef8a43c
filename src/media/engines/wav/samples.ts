import { FULL_SCALE, type SampleCounter } from '../../counter.ts';
import type { Encoding } from './header.ts';

interface Reading {
  /** The sample at a byte offset, in [-1, 1]; floats as they stand. */
  at(view: DataView, offset: number): number;
  readonly bytes: number;
  /** From this on a sample is at full scale: the coding's own largest value. */
  readonly fullScale: number;
}

const MULAW = table(mulaw);
const ALAW = table(alaw);

const READINGS: Readonly<Record<Encoding, Reading>> = {
  u8: { bytes: 1, fullScale: 127 / 128, at: (view, offset) => (view.getUint8(offset) - 128) / 128 },
  s16: { bytes: 2, fullScale: 32767 / 32768, at: (view, offset) => view.getInt16(offset, true) / 2 ** 15 },
  s24: {
    bytes: 3,
    fullScale: FULL_SCALE,
    at: (view, offset) => ((view.getInt8(offset + 2) << 16) | view.getUint16(offset, true)) / 2 ** 23,
  },
  s32: { bytes: 4, fullScale: FULL_SCALE, at: (view, offset) => view.getInt32(offset, true) / 2 ** 31 },
  f32: { bytes: 4, fullScale: FULL_SCALE, at: (view, offset) => view.getFloat32(offset, true) },
  f64: { bytes: 8, fullScale: FULL_SCALE, at: (view, offset) => view.getFloat64(offset, true) },
  mulaw: { bytes: 1, fullScale: 32124 / 32768, at: (view, offset) => MULAW[view.getUint8(offset)] as number },
  alaw: { bytes: 1, fullScale: 32256 / 32768, at: (view, offset) => ALAW[view.getUint8(offset)] as number },
};

/** Reads whole frames of interleaved samples as one channel: their mean. Invalid ones are counted and read as 0. */
export function readMono(
  bytes: Uint8Array,
  encoding: Encoding,
  channels: number,
  counter: SampleCounter,
): Float32Array {
  const { at, bytes: width, fullScale } = READINGS[encoding];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const mono = new Float32Array(Math.floor(bytes.length / (width * channels)));
  let offset = 0;
  for (let frame = 0; frame < mono.length; frame++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++, offset += width) {
      const value = at(view, offset);
      if (!Number.isFinite(value)) counter.invalid++;
      else {
        if (value >= fullScale || value <= -fullScale) counter.clipped++;
        sum += value;
      }
    }
    mono[frame] = sum / channels;
  }
  counter.total += mono.length * channels;
  return mono;
}

function table(decode: (code: number) => number): Float32Array {
  return Float32Array.from({ length: 256 }, (_, code) => decode(code) / 2 ** 15);
}

/** ITU-T G.711 µ-law to 16-bit linear. */
function mulaw(code: number): number {
  const bits = ~code & 0xff;
  const magnitude = (((bits & 0x0f) << 3) + 0x84) << ((bits & 0x70) >> 4);
  return bits & 0x80 ? 0x84 - magnitude : magnitude - 0x84;
}

/** ITU-T G.711 A-law to 16-bit linear. */
function alaw(code: number): number {
  const bits = code ^ 0x55;
  const segment = (bits & 0x70) >> 4;
  const step = ((bits & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? step : (step + 0x100) << (segment - 1);
  return bits & 0x80 ? magnitude : -magnitude;
}
