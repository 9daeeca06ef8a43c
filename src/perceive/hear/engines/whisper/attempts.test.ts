import { expect, it } from 'vitest';
import { type Attempt, firstGood } from './attempts.ts';

function attempt(meanLogprob: number, compressionRatio = 1, looped = false): Omit<Attempt, 'temperature'> {
  return { decoded: { tokens: [], ended: true, looped, attention: null, meanLogprob }, compressionRatio };
}

/** Attempts in a row, and the temperatures they were made at. */
async function goodOf(attempts: readonly Omit<Attempt, 'temperature'>[], noSpeech = 0) {
  const temperatures: number[] = [];
  const good = await firstGood(async (temperature) => {
    temperatures.push(temperature);
    return { ...(attempts[temperatures.length - 1] ?? attempt(-9)), temperature };
  }, noSpeech);
  return { good, temperatures };
}

it('is content with a good first attempt', async () => {
  const { good, temperatures } = await goodOf([attempt(-0.9, 2.4)]);
  expect(temperatures).toEqual([0]);
  expect(good?.decoded.meanLogprob).toBe(-0.9);
});

it.each([
  ['improbable', attempt(-1.01)],
  ['compresses too well', attempt(-0.1, 2.41)],
  ['goes round', attempt(-0.1, 1, true)],
])('tries again, hotter, what %s', async (_, bad) => {
  const { good, temperatures } = await goodOf([bad, bad, attempt(-0.5)]);
  expect(temperatures).toEqual([0, 0.2, 0.4]);
  expect(good?.temperature).toBe(0.4);
});

it('takes the most probable one that does not repeat itself when none is good', async () => {
  const { good, temperatures } = await goodOf([attempt(-0.1, 3), attempt(-2), attempt(-1.5), attempt(-3)]);
  expect(temperatures).toHaveLength(6);
  expect(good?.decoded.meanLogprob).toBe(-1.5);
  const repeating = await goodOf(Array.from({ length: 6 }, (_, at) => attempt(-at, 3)));
  expect(repeating.good?.temperature).toBe(0);
});

it('gives nothing where the model hears no speech and doubts its text, and does not try again', async () => {
  expect(await goodOf([attempt(-1.2)], 0.61)).toEqual({ good: null, temperatures: [0] });
  expect((await goodOf([attempt(-0.31)], 0.81)).good).toBeNull();
  expect((await goodOf([attempt(-0.29)], 0.95)).good).not.toBeNull();
  expect((await goodOf([attempt(-0.9)], 0.79)).good).not.toBeNull();
  expect((await goodOf([attempt(-1.2), attempt(-0.5)], 0.59)).good).not.toBeNull();
});
