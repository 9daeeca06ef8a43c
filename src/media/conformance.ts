import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HEARING_RATE_HZ } from '#contract/media.ts';
import { sampleCounter } from './counter.ts';
import type { Decoder, SoundFile } from './decoder.ts';

/** What an exam needs: a 2-second 440 Hz tone at half of full scale, in some format, and a folder to write to. */
export interface DecoderExam {
  readonly folder: string;
  readonly tone: SoundFile;
}

const TONE_HZ = 440;
const TONE_MS = 2_000;
/** Codecs pad at both ends. */
const TOLERANCE_MS = 120;
const MAX_PIECE_MS = 10_000;

/** The exam every decoder takes, once for each format given. `prepare` runs before the first question. */
export function examineDecoder(title: string, decoder: Decoder, prepare: () => Promise<DecoderExam>): void {
  describe(`${decoder.id}: ${title}`, () => {
    const signal = new AbortController().signal;
    let prepared: Promise<DecoderExam> | undefined;
    const exam = () => {
      prepared ??= prepare();
      return prepared;
    };

    it('takes the format and says there is sound', async () => {
      const { tone } = await exam();
      expect(decoder.takes(tone.mimeType)).toBe(true);
      expect(await decoder.available()).toBe(true);
      const look = await decoder.look(tone, signal);
      expect(look.hasSound).toBe(true);
      expect(look.hasPicture).not.toBe(true);
      if (look.soundMs !== null) expect(Math.abs(look.soundMs - TONE_MS)).toBeLessThan(TOLERANCE_MS);
    });

    it('gives the tone: its length, its pitch, its level, and the same again', async () => {
      const { tone } = await exam();
      const counter = sampleCounter();
      const samples = await all(decoder.decode(tone, counter, signal));
      expect(Math.abs((samples.length * 1_000) / HEARING_RATE_HZ - TONE_MS)).toBeLessThan(TOLERANCE_MS);
      expect(Math.abs(strengthAt(TONE_HZ, samples) - 0.5)).toBeLessThan(0.03);
      expect(strengthAt(3 * TONE_HZ, samples)).toBeLessThan(0.01);
      expect(counter.total).toBeGreaterThan(0);
      expect(counter).toMatchObject({ invalid: 0, clipped: 0 });
      expect(await all(decoder.decode(tone, sampleCounter(), signal))).toEqual(samples);
    });

    it('stops when cancelled', async () => {
      const { tone } = await exam();
      const controller = new AbortController();
      controller.abort();
      await expect(all(decoder.decode(tone, sampleCounter(), controller.signal))).rejects.toMatchObject({
        code: 'kit.cancelled',
      });
    });

    it('calls a file without sense broken', async () => {
      const { folder, tone } = await exam();
      const path = join(folder, 'nonsense');
      await writeFile(path, Buffer.from('This is no recording. '.repeat(50)));
      const nonsense = { ...tone, path, name: 'nonsense' };
      const whole = async () => {
        await decoder.look(nonsense, signal);
        await all(decoder.decode(nonsense, sampleCounter(), signal));
      };
      await expect(whole()).rejects.toMatchObject({ code: 'media.broken' });
    });
  });
}

async function all(pieces: AsyncIterable<Float32Array>): Promise<Float32Array> {
  const samples: number[] = [];
  for await (const piece of pieces) {
    expect((piece.length * 1_000) / HEARING_RATE_HZ).toBeLessThan(MAX_PIECE_MS);
    for (const sample of piece) samples.push(sample);
  }
  return Float32Array.from(samples);
}

/** Amplitude of one frequency in the middle half, by correlation with it. */
function strengthAt(frequencyHz: number, samples: Float32Array): number {
  const middle = samples.subarray(samples.length >> 2, samples.length - (samples.length >> 2));
  let [real, imaginary] = [0, 0];
  middle.forEach((sample, at) => {
    const angle = (2 * Math.PI * frequencyHz * at) / HEARING_RATE_HZ;
    real += sample * Math.cos(angle);
    imaginary += sample * Math.sin(angle);
  });
  return (2 * Math.hypot(real, imaginary)) / middle.length;
}
