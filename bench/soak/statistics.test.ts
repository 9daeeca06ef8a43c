import fc from 'fast-check';
import { expect, it } from 'vitest';
import { median, quantile, slopeOf } from './statistics.ts';

it('finds the slope of a line, with an interval of no width', () => {
  const line = Array.from({ length: 20 }, (_, x) => [x, 3 * x + 5] as const);
  const found = slopeOf(line);
  expect(found?.slope).toBeCloseTo(3, 9);
  expect((found?.high ?? 9) - (found?.low ?? 0)).toBeCloseTo(0, 6);
});

it('holds the truth for noise without a slope far more often than not', () => {
  let held = 0;
  const runs = 400;
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 60, maxLength: 60 }), (noise) => {
      const found = slopeOf(noise.map((y, x) => [x, y] as const));
      if (found && found.low <= 0 && found.high >= 0) held += 1;
    }),
    { numRuns: runs, seed: 4 },
  );
  expect(held / runs).toBeGreaterThan(0.85);
});

it('is wider where neighbours resemble each other', () => {
  const steps = Array.from({ length: 60 }, (_, x) => [x, Math.floor(x / 10) % 2] as const);
  const mixed = Array.from({ length: 60 }, (_, x) => [x, (x * 7) % 2] as const);
  const width = (points: typeof steps) => {
    const found = slopeOf(points);
    return (found?.high ?? 0) - (found?.low ?? 0);
  };
  expect(width(steps)).toBeGreaterThan(2 * width(mixed));
});

it('says nothing of too few points', () => {
  expect(
    slopeOf([
      [0, 1],
      [1, 2],
      [2, 3],
    ]),
  ).toBeNull();
});

it('knows the middle and the edge', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(quantile([5, 1, 4, 2, 3], 0.99)).toBe(5);
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(2);
});
