import { expect, it } from 'vitest';
import { median } from './median.ts';

it('gives the value in the middle, by size and not by spelling', () => {
  expect([median([10, 9, 100], 0), median([4, 1, 3, 2], 0), median([7], 0), median([], null)]).toEqual([
    10,
    3,
    7,
    null,
  ]);
});
