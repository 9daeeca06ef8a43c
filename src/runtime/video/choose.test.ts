import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chooseFrames, cutsIn, type Scored } from './choose.ts';

/** A video of 10 frames a second that moves a little, with cuts at the frames given. */
const video = (length: number, cuts: Readonly<Record<number, number>>, moves = 0.01): Scored[] =>
  Array.from({ length }, (_, at) => ({ atMs: at * 100, score: cuts[at] ?? (at % 3 === 0 ? moves : moves / 2) }));

it('chooses the first frame and those at cuts', () => {
  const choice = chooseFrames(video(100, { 30: 0.5, 70: 0.3 }), 10_000, { least: 2, most: 10 });
  expect(choice).toEqual({ frames: [0, 30, 70], longestGapMs: 4_000, cuts: 2, cutsMissed: 0 });
});

it('takes no movement for a cut, however strong, and finds cuts among it', () => {
  expect(cutsIn(video(100, { 50: 0.3 }, 0.2))).toEqual([]);
  expect(cutsIn(video(100, { 50: 0.9 }, 0.2))).toEqual([50]);
  expect(cutsIn(video(100, { 50: 0.06 }))).toEqual([]);
});

it('counts a flash once', () => {
  expect(cutsIn(video(100, { 50: 0.4, 52: 0.5 }))).toEqual([52]);
  expect(cutsIn(video(100, { 50: 0.5, 52: 0.4 }))).toEqual([50]);
});

it('raises the threshold where there is no room, and says how many cuts it misses', () => {
  const choice = chooseFrames(video(100, { 10: 0.3, 40: 0.9, 60: 0.4, 80: 0.8 }), 10_000, { least: 3, most: 3 });
  expect(choice).toMatchObject({ frames: [0, 40, 80], cuts: 4, cutsMissed: 2, longestGapMs: 4_000 });
});

it('looks into the longest gaps where there are few cuts', () => {
  const choice = chooseFrames(video(100, {}), 10_000, { least: 5, most: 16 });
  expect(choice.frames).toEqual([0, 12, 25, 50, 75]);
  expect(choice.longestGapMs).toBeLessThanOrEqual(2_600);
});

it('always gives the first frame and from least to most frames, in order, as far as there are any', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 200 }),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 20 }),
      (scores, least, most) => {
        const scored = scores.map((score, at) => ({ atMs: at * 40, score }));
        const choice = chooseFrames(scored, scores.length * 40, { least, most });
        expect(choice.frames[0]).toBe(0);
        expect(choice.frames).toEqual([...new Set(choice.frames)].sort((a, b) => a - b));
        expect(choice.frames.length).toBeLessThanOrEqual(most);
        expect(choice.cutsMissed).toBeLessThanOrEqual(choice.cuts);
        if (scores.length > 60) expect(choice.frames.length).toBeGreaterThanOrEqual(Math.min(least, most));
      },
    ),
    { numRuns: 500, seed: 4 },
  );
});
