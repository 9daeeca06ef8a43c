import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Loss } from '#contract/loss.ts';
import type { SpeechEngine } from '#contract/ports.ts';

const SHORT = 'Hello there.';
const LONG = 'The meeting begins at nine in the morning, and everybody who wants to speak should bring a short note.';

/** The exam for the port SpeechEngine. `make` is called once; the engine is closed at the end. */
export function examineSpeechEngine(name: string, make: () => Promise<SpeechEngine>): void {
  describe(`${name} as a speech engine`, () => {
    let engine: SpeechEngine;
    beforeAll(async () => {
      engine = await make();
      await engine.warm();
    });
    afterAll(() => engine?.close());

    const say = async (text: string, more: { voice?: string; speed?: number; signal?: AbortSignal } = {}) => {
      const losses: Loss[] = [];
      const context = { signal: more.signal ?? new AbortController().signal, note: (loss: Loss) => losses.push(loss) };
      const sentence = { text, voice: more.voice ?? engine.voices[0]?.id ?? '', speed: more.speed ?? 1 };
      const chunks: Float32Array[] = [];
      for await (const chunk of engine.speak(sentence, context)) chunks.push(chunk);
      const pcm = Float32Array.from(chunks.flatMap((chunk) => [...chunk]));
      return { pcm, losses, durationMs: (pcm.length / engine.sampleRateHz) * 1000 };
    };

    it('names its voices', () => {
      expect(engine.voices.length).toBeGreaterThan(0);
      expect(new Set(engine.voices.map((voice) => voice.id)).size).toBe(engine.voices.length);
      expect([...new Set(engine.voices.map((voice) => voice.engine))]).toEqual([engine.id]);
    });

    it('makes sound: finite, within [-1, 1], not silent, at a plausible pace', async () => {
      const { pcm, losses, durationMs } = await say(LONG);
      expect(engine.sampleRateHz).toBeGreaterThanOrEqual(8_000);
      expect(pcm.every((value) => Number.isFinite(value) && Math.abs(value) <= 1)).toBe(true);
      const rms = Math.sqrt(pcm.reduce((sum, value) => sum + value * value, 0) / pcm.length);
      expect(rms).toBeGreaterThan(0.01);
      // People say 8 to 25 letters a second; a wrong sample rate would fall outside.
      expect(durationMs / LONG.length).toBeGreaterThan(1000 / 30);
      expect(durationMs / LONG.length).toBeLessThan(1000 / 7);
      expect(losses).toEqual([]);
    });

    it('takes longer for more text and for a slower pace', async () => {
      const [short, long, slow] = [await say(SHORT), await say(LONG), await say(LONG, { speed: 0.75 })];
      expect(long.durationMs).toBeGreaterThan(2 * short.durationMs);
      expect(slow.durationMs).toBeGreaterThan(1.15 * long.durationMs);
    });

    it('sounds different in another voice', async () => {
      const other = engine.voices[1];
      if (!other) return;
      expect((await say(SHORT, { voice: other.id })).pcm).not.toEqual((await say(SHORT)).pcm);
    });

    it('stops when cancelled and works again afterwards', async () => {
      const controller = new AbortController();
      const cancelled = say(LONG.repeat(3), { signal: controller.signal });
      setTimeout(() => controller.abort(), 1);
      await expect(cancelled).rejects.toMatchObject({ code: 'kit.cancelled' });
      expect((await say(SHORT)).pcm.length).toBeGreaterThan(0);
    });
  });
}
