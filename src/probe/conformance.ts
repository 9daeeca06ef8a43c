import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TimeSpan } from '#contract/finding.ts';
import { HEARING_RATE_HZ } from '#contract/media.ts';
import type { VoiceDetector } from './voice-detector.ts';

/** What an exam needs: mono float32 at 16 kHz with speech in it, and about where (to within 300 ms). */
export interface SpokenExample {
  readonly pcm: Float32Array;
  readonly speech: readonly TimeSpan[];
}

const TOLERANCE_MS = 300;

/** The exam every voice detector takes. */
export function examineVoiceDetector(
  title: string,
  make: () => Promise<VoiceDetector>,
  prepare: () => Promise<SpokenExample>,
): void {
  describe(title, () => {
    const signal = new AbortController().signal;
    let detector: VoiceDetector;
    let example: SpokenExample;
    beforeAll(async () => {
      [detector, example] = await Promise.all([make(), prepare()]);
    });
    afterAll(() => detector.close());

    it('finds speech where it is', async () => {
      const found = await detector.detect(pieces(example.pcm, 4_000), signal);
      expect(found.length).toBe(example.speech.length);
      found.forEach((span, at) => {
        expect(Math.abs(span.startMs - (example.speech[at]?.startMs ?? Number.NaN))).toBeLessThan(TOLERANCE_MS);
        expect(Math.abs(span.endMs - (example.speech[at]?.endMs ?? Number.NaN))).toBeLessThan(TOLERANCE_MS);
      });
      const durationMs = (example.pcm.length * 1_000) / HEARING_RATE_HZ;
      const edges = found.flatMap(({ startMs, endMs }) => [startMs, endMs]);
      expect(edges).toEqual([...edges].sort((a, b) => a - b));
      expect(Math.max(...edges)).toBeLessThanOrEqual(Math.ceil(durationMs));
    });

    it('finds none in silence and none in nothing', async () => {
      expect(await detector.detect(pieces(new Float32Array(3 * HEARING_RATE_HZ), 4_000), signal)).toEqual([]);
      expect(await detector.detect(pieces(new Float32Array(0), 1), signal)).toEqual([]);
    });

    it('finds the same however the sound is cut, also when it listens to several at once', async () => {
      const found = await detector.detect(pieces(example.pcm, example.pcm.length), signal);
      const others = [37, 511, 513, 16_000].map((size) => detector.detect(pieces(example.pcm, size), signal));
      for (const other of await Promise.all(others)) expect(other).toEqual(found);
    });

    it('stops when cancelled', async () => {
      const controller = new AbortController();
      async function* endless() {
        for (let count = 0; ; count++) {
          if (count === 20) controller.abort();
          yield new Float32Array(HEARING_RATE_HZ);
        }
      }
      await expect(detector.detect(endless(), controller.signal)).rejects.toMatchObject({ code: 'kit.cancelled' });
    });

    it('passes on what the sound throws', async () => {
      async function* failing() {
        yield new Float32Array(HEARING_RATE_HZ);
        throw new Error('cut');
      }
      await expect(detector.detect(failing(), signal)).rejects.toThrow('cut');
    });
  });
}

async function* pieces(pcm: Float32Array, size: number): AsyncGenerator<Float32Array> {
  for (let at = 0; at < pcm.length; at += size) yield pcm.slice(at, at + size);
}
