import fc from 'fast-check';
import { expect, it } from 'vitest';
import { highest, logSumExp } from './chances.ts';
import { sharedStart } from './prompt.ts';
import { passes, tally } from './round-trip.ts';

const logits = fc
  .array(fc.float({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 40 })
  .map((values) => new Float32Array(values));

it('makes log-probabilities that add up to one', () => {
  fc.assert(
    fc.property(logits, (values) => {
      const total = logSumExp(values);
      const sum = values.reduce((all, value) => all + Math.exp(value - total), 0);
      expect(sum).toBeCloseTo(1, 6);
    }),
  );
});

it('names the highest as sorting does, of equals the first', () => {
  fc.assert(
    fc.property(logits, fc.integer({ min: 1, max: 12 }), (values, count) => {
      const sorted = [...values.keys()].sort((one, other) => (values[other] ?? 0) - (values[one] ?? 0) || one - other);
      expect(highest(values, count)).toEqual(sorted.slice(0, count));
    }),
  );
});

it('knows how far two prompts are the same, rows by their numbers', () => {
  const row = (...values: number[]) => new Float32Array(values);
  expect(sharedStart([1, row(1, 2), 3], [1, row(1, 2), 4])).toBe(2);
  expect(sharedStart([1, row(1, 2)], [1, row(1, 3)])).toBe(1);
  expect(sharedStart([row(1)], [1])).toBe(0);
  expect(sharedStart([], [1])).toBe(0);
});

it('measures how far logits are apart, and takes what is no number for as far as can be', () => {
  const same = tally();
  same.add(new Float32Array([1, 2, 3]), new Float32Array([1, 2, 3]));
  expect(same.result()).toEqual({ maxAbsDiff: 0, meanKl: 0, argmaxAgreement: 1, positions: 1 });
  const apart = tally();
  apart.add(new Float32Array([0, 0]), new Float32Array([Math.log(3), 0]));
  // ½·ln(½ / ¾) + ½·ln(½ / ¼)
  expect(apart.result().meanKl).toBeCloseTo(0.5 * Math.log(2 / 3) + 0.5 * Math.log(2), 6);
  expect(apart.result().maxAbsDiff).toBeCloseTo(Math.log(3), 6);
  const broken = tally();
  broken.add(new Float32Array([1, 2]), new Float32Array([Number.NaN, 2]));
  expect(broken.result().maxAbsDiff).toBe(Number.POSITIVE_INFINITY);
});

it('lets a round trip pass that is exact or within ten times the floor, and no other', () => {
  const trip = { positions: 9, tokens: 9, scale: 1 };
  const floor = { maxAbsDiff: 0.01, meanKl: 1e-6 };
  expect(passes({ ...trip, maxAbsDiff: 0, meanKl: 0, argmaxAgreement: 1, splitFloor: floor })).toBe(true);
  expect(passes({ ...trip, maxAbsDiff: 0.1, meanKl: 9e-6, argmaxAgreement: 1, splitFloor: floor })).toBe(true);
  expect(passes({ ...trip, maxAbsDiff: 0.1, meanKl: 1.1e-5, argmaxAgreement: 1, splitFloor: floor })).toBe(false);
  expect(passes({ ...trip, maxAbsDiff: 0.1, meanKl: 1e-7, argmaxAgreement: 0.98, splitFloor: floor })).toBe(false);
  expect(
    passes({
      ...trip,
      maxAbsDiff: Number.POSITIVE_INFINITY,
      meanKl: Number.NaN,
      argmaxAgreement: 1,
      splitFloor: floor,
    }),
  ).toBe(false);
});
