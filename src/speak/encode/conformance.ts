import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pcm16 } from '#kit/pcm.ts';
import { decoded, likeness, RATE_HZ, sweep } from './__fixtures__/sound.ts';
import type { SoundEncoder } from './encoder.ts';
import { SOUND_FORMATS, type SoundFormat } from './formats.ts';

/**
 * What a format may do to the sound, in samples at 24 kHz: `frame`, which its end is filled up to; `delay`, which a
 * decoder that is not told about it puts before the start (LAME's 1,105; one AAC frame; Opus's 6.5 ms).
 */
export const CODING: Readonly<Record<SoundFormat, { readonly frame: number; readonly delay: number }>> = {
  wav: { frame: 0, delay: 0 },
  pcm: { frame: 0, delay: 0 },
  flac: { frame: 0, delay: 0 },
  mp3: { frame: 576, delay: 1_105 },
  aac: { frame: 1_024, delay: 1_024 },
  opus: { frame: 480, delay: 156 },
};

const never = () => new AbortController().signal;

/** The exam every encoder takes, once for each format it writes. Needs ffmpeg to decode. */
export function examineEncoder(encoder: SoundEncoder, format: SoundFormat): void {
  const wanted = { format, sampleRateHz: RATE_HZ };
  const encode = (pcm: AsyncIterable<Float32Array>, signal = never()) => encoder.encode(pcm, wanted, signal);

  describe(`${encoder.id} as an encoder of ${format}`, () => {
    it('is ready, and gives the sound back: its length, its shape, its level', async () => {
      expect(await encoder.ready(wanted)).toBe(true);
      const sound = sweep(1_500);
      const steps = await decoded(await gathered(encode(pieces(sound))), format);
      if (SOUND_FORMATS[format].bitRateKbps === null) {
        expect(Buffer.from(steps.buffer).equals(pcm16(sound))).toBe(true);
        return;
      }
      const { delay, correlation, extra, louderDb } = likeness(sound, steps, CODING[format].delay);
      expect(correlation).toBeGreaterThan(0.99);
      expect(delay).toBeLessThanOrEqual(CODING[format].delay);
      expect(extra).toBeGreaterThanOrEqual(0);
      expect(extra).toBeLessThanOrEqual(CODING[format].frame);
      expect(Math.abs(louderDb)).toBeLessThan(0.5);
    });

    it('gives the same bytes however the sound is cut', async () => {
      const sound = sweep(400);
      const whole = await gathered(encode(pieces(sound, sound.length)));
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 4 }),
          async (sizes) => {
            expect((await gathered(encode(pieces(sound, ...sizes, 700)))).equals(whole)).toBe(true);
          },
        ),
        { numRuns: 4 },
      );
    });

    it('gives first bytes after the first sound and before the last', async () => {
      let sounded = false;
      let heard = () => {};
      const firstBytes = new Promise<void>((resolve) => (heard = resolve));
      async function* speech() {
        await setTimeout(30);
        sounded = true;
        yield sweep(500);
        // Without bytes by now this would wait for ever.
        await firstBytes;
        yield sweep(500);
      }
      for await (const bytes of encode(speech())) {
        expect(sounded).toBe(true);
        expect(bytes.length).toBeGreaterThan(0);
        heard();
      }
    });

    it('fetches no more sound than its reader wants, and lets go of it when the reader leaves', async () => {
      let asked = 0;
      let left = () => {};
      const released = new Promise<void>((resolve) => (left = resolve));
      async function* endless() {
        try {
          for (;;) {
            asked += 1;
            yield sweep(1_000);
          }
        } finally {
          left();
        }
      }
      for await (const _ of encode(endless())) {
        const before = asked;
        await setTimeout(100);
        expect(asked - before).toBeLessThanOrEqual(1);
        break;
      }
      await released;
    });

    it('passes on what goes wrong where the sound is made', async () => {
      async function* breaking() {
        yield sweep(200);
        throw new Error('the voice broke');
      }
      await expect(gathered(encode(breaking()))).rejects.toThrow('the voice broke');
    });

    it('ends without complaint when there is no sound', async () => {
      expect((await gathered(encode(pieces(new Float32Array(0))))).length).toBeLessThan(10_000);
    });
  });
}

/** The sound in pieces of these lengths, the last of them for as long as there is sound. */
export async function* pieces(sound: Float32Array, ...lengths: number[]): AsyncGenerator<Float32Array> {
  const sizes = lengths.length > 0 ? lengths : [2_400];
  for (let at = 0, i = 0; at < sound.length; i += 1) {
    const size = sizes[Math.min(i, sizes.length - 1)] ?? sound.length;
    yield sound.subarray(at, at + size);
    at += size;
  }
}

/** All bytes in one. */
export async function gathered(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of bytes) all.push(piece);
  return Buffer.concat(all);
}
