import { describe, expect, it } from 'vitest';
import { soundOf } from '../../__fixtures__/sound.ts';
import { findingOf } from '../__fixtures__/transcripts.ts';
import { glide, noisy, voice } from '../__fixtures__/voices.ts';
import { type Frames, framesOf, SILENT_DB } from './frames.ts';

const frames = (samples: Float32Array, chunk = 4_000) =>
  framesOf(soundOf(samples, chunk), findingOf(samples.length / 16));

describe('pitch', () => {
  const glides = [
    [80, 160],
    [100, 300],
    [180, 420],
    [300, 550],
    [90, 92],
  ] as const;

  it.each(glides)('follows a glide from %i to %i Hz within 3 cents, in noise of 20 dB as well', async (from, to) => {
    for (const samples of [
      voice([{ ms: 2_000, hz: [from, to] }]),
      noisy(voice([{ ms: 2_000, hz: [from, to] }]), -15, 20),
    ]) {
      const { f0Hz, count } = await frames(samples);
      const cents = [...f0Hz].map((hz, at) => 1_200 * Math.abs(Math.log2(hz / glide([from, to], (at + 0.5) / count))));
      const sorted = cents.filter(Number.isFinite).sort((a, b) => a - b);
      expect(sorted.length).toBeGreaterThan(190);
      console.log(
        `F0 ${from}–${to} Hz: median error ${sorted[sorted.length >> 1]?.toFixed(2)} cents, greatest ${sorted.at(-1)?.toFixed(0)}`,
      );
      expect(sorted[sorted.length >> 1]).toBeLessThan(3);
      expect(sorted.at(-1)).toBeLessThan(60);
    }
  });

  it('is not an octave off where the fundamental is weak or missing', async () => {
    const samples = Float32Array.from({ length: 16_000 }, (_, n) => {
      const phase = (2 * Math.PI * 120 * n) / 16_000;
      return 0.2 * Math.sin(2 * phase) + 0.15 * Math.sin(3 * phase) + 0.1 * Math.sin(4 * phase);
    });
    for (const hz of inside(await frames(samples))) expect(Math.abs(hz - 120)).toBeLessThan(1);
  });

  it('is found neither in noise nor in silence nor away from speech', async () => {
    const noise = await frames(noisy(new Float32Array(32_000), -20, 0));
    expect([...noise.f0Hz].filter((hz) => hz > 0).length).toBeLessThan(4);
    expect((await frames(new Float32Array(16_000))).f0Hz.every((hz) => hz === 0)).toBe(true);
    const samples = voice([{ ms: 2_000, hz: [120, 120] }]);
    const speech = [{ startMs: 1_500, endMs: 2_000 }];
    const { f0Hz } = await framesOf(soundOf(samples), findingOf(2_000, { speech }));
    expect(f0Hz.subarray(0, 125).every((hz) => hz === 0)).toBe(true);
    expect(f0Hz.subarray(140, 195).every((hz) => hz > 0)).toBe(true);
  });
});

describe('frames', () => {
  it('are the same however the sound arrives', async () => {
    const samples = voice([{ ms: 300, hz: [100, 130] }, { ms: 217 }, { ms: 404, hz: [200, 150] }]);
    const whole = await frames(samples, samples.length);
    for (const chunk of [1, 159, 641, 5_000]) expect(await frames(samples, chunk)).toEqual(whole);
    expect(whole.count).toBe(92);
  });

  it('know the level, full scale and samples that are no numbers', async () => {
    const samples = new Float32Array(16_000).fill(0.1);
    samples.fill(1, 4_800, 4_880);
    samples[8_000] = Number.NaN;
    const { levelDb, clipped } = await frames(samples);
    expect(levelDb[10]).toBeCloseTo(-20, 1);
    expect([...clipped].reduce((sum, count) => sum + count, 0)).toBe(80);
    expect(levelDb.every(Number.isFinite)).toBe(true);
    expect((await frames(new Float32Array(1_600))).levelDb.every((db) => db === SILENT_DB)).toBe(true);
    expect((await frames(new Float32Array(0))).count).toBe(0);
  });

  it('stop when they are told to', async () => {
    const signal = AbortSignal.abort();
    const sound = soundOf(new Float32Array(16_000));
    await expect(framesOf(sound, findingOf(1_000), signal)).rejects.toMatchObject({ code: 'kit.cancelled' });
  });
});

function inside({ f0Hz }: Frames): number[] {
  return [...f0Hz.subarray(3, -3)];
}
