import fc from 'fast-check';
import { expect, it } from 'vitest';
import { keyframesOf, unseenMs } from './keyframes.ts';

/** A still video of 10 frames a second with cuts at the frames given. */
const video = (seconds: number, cuts: Readonly<Record<number, number>> = {}) =>
  Array.from({ length: seconds * 10 }, (_, at) => ({ atMs: at * 100, score: cuts[at] ?? 0.001 }));
const numbers = (frames: readonly { readonly frame: number }[]) => frames.map(({ frame }) => frame);

it('one frame shows a scene, once its writing stands, and one each later change of it', () => {
  const scored = video(10, { 30: 0.5 });
  const writings = [3_400, 6_000].map((atMs) => ({ atMs, newWriting: 5 }));
  const chosen = keyframesOf(scored, writings, 10_000, 10);
  expect(numbers(chosen.frames)).toEqual([0, 34, 60]);
  expect(chosen).toMatchObject({ scenesMs: [0, 3_000], cutsMissed: 0, writings: 1, writingsMissed: 0 });
});

it('takes the strongest of both in turn where there is no room for all', () => {
  const scored = video(12, { 20: 0.4, 60: 0.9 });
  const writings = [4_000, 8_000, 10_000].map((atMs, at) => ({ atMs, newWriting: 5 + at }));
  const chosen = keyframesOf(scored, writings, 12_000, 4);
  expect(numbers(chosen.frames)).toEqual([0, 60, 80, 100]);
  expect(chosen).toMatchObject({ cutsMissed: 1, writingsMissed: 1 });
});

it('looks into long gaps as far as there is room', () => {
  const looked = (most: number) => keyframesOf(video(120), [], 120_000, most).frames.map(({ atMs }) => atMs);
  expect(unseenMs(looked(50), 120_000)).toBeLessThanOrEqual(15_000);
  expect(looked(3)).toHaveLength(3);
});

it('gives frames in order, at least one and never more than there is room for', () => {
  const score = fc.double({ min: 0, max: 1, noNaN: true });
  const at = fc.array(fc.record({ atMs: fc.nat(20_000), newWriting: fc.nat(9) }), { maxLength: 9 });
  fc.assert(
    fc.property(
      fc.array(score, { minLength: 1, maxLength: 150 }),
      at,
      fc.integer({ min: 1, max: 30 }),
      (scores, looks, most) => {
        const scored = scores.map((one, index) => ({ atMs: index * 100, score: one }));
        const { frames, cutsMissed, scenesMs } = keyframesOf(scored, looks, scores.length * 100, most);
        expect(frames.length).toBeGreaterThanOrEqual(1);
        expect(frames.length).toBeLessThanOrEqual(most);
        expect(numbers(frames)).toEqual([...new Set(numbers(frames))].sort((a, b) => a - b));
        expect(cutsMissed).toBeLessThanOrEqual(scenesMs.length);
      },
    ),
    { seed: 6, numRuns: 300 },
  );
});
