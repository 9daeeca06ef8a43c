import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { joined, pcm16, sine, type WavOptions, wavFile } from '../../__fixtures__/wav.ts';
import { sampleCounter } from '../../counter.ts';
import { wavDecoder } from './engine.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sensorium-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

const signal = new AbortController().signal;

async function decode(bytes: Uint8Array) {
  const path = join(folder, `${Math.random()}.wav`);
  await writeFile(path, bytes);
  const file = { path, name: 'test.wav', mimeType: 'audio/wav' };
  const counter = sampleCounter();
  const look = await wavDecoder.look(file, signal);
  return { look, counter, samples: await joined(wavDecoder.decode(file, counter, signal)) };
}

const values = [0, 0.25, -0.25, 0.5, -0.5, 0.999, -1];

function stored(coding: string): Buffer {
  const bytes = Buffer.alloc(values.length * 8);
  values.forEach((value, at) => {
    if (coding === 'u8') bytes.writeUInt8(Math.round(value * 127) + 128, at);
    if (coding === 's24') bytes.writeIntLE(Math.round(value * 2 ** 23 * 0.9999), at * 3, 3);
    if (coding === 's32') bytes.writeInt32LE(Math.round(value * 2 ** 31 * 0.9999), at * 4);
    if (coding === 'f32') bytes.writeFloatLE(value, at * 4);
    if (coding === 'f64') bytes.writeDoubleLE(value, at * 8);
  });
  const width = { u8: 1, s24: 3, s32: 4, f32: 4, f64: 8 }[coding] ?? 0;
  return bytes.subarray(0, values.length * width);
}

it.each([
  ['u8', { bits: 8 }, 0.01],
  ['s24', { bits: 24 }, 0.001],
  ['s32', { bits: 32 }, 0.001],
  ['f32', { tag: 3, bits: 32 }, 1e-7],
  ['f64', { tag: 3, bits: 64 }, 1e-7],
])('reads %s', async (coding, options: WavOptions, tolerance) => {
  const { samples } = await decode(wavFile(stored(coding), options));
  expect(samples.length).toBe(values.length);
  const worst = Math.max(...[...samples].map((sample, at) => Math.abs(sample - (values[at] as number))));
  expect(worst).toBeLessThanOrEqual(tolerance);
});

// Values from the tables of ITU-T G.711.
it.each([
  ['µ-law', 7, [0x00, 0x80, 0xff, 0x7f, 0xf0, 0x70], [-32124, 32124, 0, 0, 120, -120]],
  ['A-law', 6, [0xd5, 0x55, 0xaa, 0x2a, 0xc5], [8, -8, 32256, -32256, 264]],
])('reads %s', async (_, tag, codes, expected) => {
  const { samples, counter } = await decode(wavFile(Uint8Array.from(codes), { tag, bits: 8 }));
  expect([...samples].map((sample) => Math.round(sample * 32768))).toEqual(expected);
  expect(counter.clipped).toBe(2);
});

describe('16 bits', () => {
  it('keeps exactly what was stored, at any length', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -32768, max: 32767 }), { minLength: 1, maxLength: 9_000 }),
        async (codes) => {
          const { samples } = await decode(wavFile(pcm16(codes.map((code) => code / 32768))));
          expect([...samples].map((sample) => sample * 32768)).toEqual(codes);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('takes the mean of all channels', async () => {
    const { samples, counter } = await decode(wavFile(pcm16([0.5, -0.25, 0.25, 0.25, 0.5, 0]), { channels: 2 }));
    expect([...samples]).toEqual([0.125, 0.25, 0.25]);
    expect(counter).toEqual({ total: 6, invalid: 0, clipped: 0 });
  });

  it.each([8_000, 11_025, 22_050, 44_100, 48_000])('brings %i Hz to 16 kHz', async (sampleRateHz) => {
    const { look, samples } = await decode(wavFile(pcm16(sine(440, sampleRateHz, 1)), { sampleRateHz }));
    expect(look.declaredMs).toBe(1_000);
    expect(samples.length).toBe(16_000);
    const expected = sine(440, 16_000, 1);
    const worst = samples.slice(1_000, 15_000).map((sample, at) => Math.abs(sample - (expected[at + 1_000] as number)));
    expect(Math.max(...worst)).toBeLessThan(0.002);
  });
});

describe('odd headers', () => {
  const data = pcm16(sine(300, 16_000, 0.1));

  it.each<[string, Uint8Array]>([
    ['WAVE_FORMAT_EXTENSIBLE', wavFile(data, { extensible: true })],
    [
      'chunks of odd length before the sound',
      wavFile(data, {
        extra: [
          ['LIST', Buffer.from('abc')],
          ['junk', Buffer.alloc(7)],
        ],
      }),
    ],
    ['a size left at its greatest by a streaming writer', wavFile(data, { dataSize: 0xffff_ffff })],
    ['a size left at zero by a streaming writer', wavFile(data, { dataSize: 0 })],
    ['RF64', wavFile(data, { rf64: true })],
    ['chunks after the sound', Buffer.concat([wavFile(data), Buffer.from('LIST\x04\0\0\0abcd', 'latin1')])],
  ])('reads %s', async (_, bytes) => {
    const { samples, look } = await decode(bytes);
    expect(samples.length).toBe(1_600);
    expect(look.soundMs).toBe(100);
  });

  it('reads what is there of a cut-off file and knows what was promised', async () => {
    const { samples, look } = await decode(wavFile(data).subarray(0, 44 + 1_601));
    expect(samples.length).toBe(800);
    expect(look.soundMs).toBe(100);
  });

  it.each<[string, Uint8Array, string]>([
    ['a head without anything', Buffer.from('RIFF\0\0\0\0WAVE', 'latin1'), 'media.broken'],
    ['a head without sound', wavFile(new Uint8Array(0)).subarray(0, 36), 'media.broken'],
    ['sound before its format', Buffer.from('RIFF\0\0\0\0WAVEdata\x02\0\0\0ab', 'latin1'), 'media.broken'],
    ['no channels', wavFile(data, { channels: 0 }), 'media.broken'],
    ['an impossible rate', wavFile(data, { sampleRateHz: 1 }), 'media.broken'],
    ['an unknown coding', wavFile(data, { tag: 0x55 }), 'media.unsupported'],
  ])('refuses %s', async (_, bytes, code) => {
    await expect(decode(bytes)).rejects.toMatchObject({ code });
  });
});

it('counts invalid and full-scale samples and reads the invalid ones as silence', async () => {
  const bytes = Buffer.alloc(5 * 4);
  [Number.NaN, Number.POSITIVE_INFINITY, 1, 0.5, -1.5].forEach((value, at) => {
    bytes.writeFloatLE(value, at * 4);
  });
  const { samples, counter } = await decode(wavFile(bytes, { tag: 3, bits: 32 }));
  expect([...samples]).toEqual([0, 0, 1, 0.5, -1.5]);
  expect(counter).toEqual({ total: 5, invalid: 2, clipped: 2 });
});
