import fc from 'fast-check';
import { expect, it } from 'vitest';
import { median, medianOfPairs, percentile } from './statistics.ts';

const numbers = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 });

it('takes percentiles by nearest rank, whatever the order', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect([50, 95, 99, 100].map((percent) => percentile(hundred, percent))).toEqual([50, 95, 99, 100]);
  expect(percentile([3, 1, 2], 50)).toBe(2);
  expect(percentile([7], 99)).toBe(7);
  expect(percentile([], 50)).toBeNull();
});

it('answers a measured value that as many values as asked for do not exceed', () => {
  fc.assert(
    fc.property(numbers, fc.integer({ min: 1, max: 100 }), (values, percent) => {
      const found = percentile(values, percent);
      if (found === null) return false;
      const below = values.filter((value) => value < found).length;
      const upTo = values.filter((value) => value <= found).length;
      return (
        values.includes(found) && (below / values.length) * 100 < percent && (upTo / values.length) * 100 >= percent
      );
    }),
  );
});

it('takes the middle of what was measured and nothing else', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([1, 2, 4, 100])).toBe(3);
  expect(median([null, 4, null])).toBe(4);
  expect(median([null])).toBeNull();
});

it('compares round by round, so a slow round of both does not count', () => {
  const difference = (value: number, base: number) => value - base;
  const ratio = (value: number, base: number) => value / base;
  expect(medianOfPairs([2, 102, 3], [1, 100, 2], difference)).toBe(1);
  expect(medianOfPairs([3, 300, 8], [2, 100, 2], ratio)).toBe(3);
});

it('compares nothing with a side that is missing or zero', () => {
  const ratio = (value: number, base: number) => value / base;
  expect(medianOfPairs([2, null, 9], [1, 1], ratio)).toBe(2);
  expect(medianOfPairs([], [], ratio)).toBeNull();
  expect(medianOfPairs([null], [2], ratio)).toBeNull();
  expect(medianOfPairs([3], [0], ratio)).toBeNull();
});
