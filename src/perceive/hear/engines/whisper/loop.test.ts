import { expect, it } from 'vitest';
import { goesRound } from './loop.ts';

const repeated = (pattern: readonly number[], times: number) => Array.from({ length: times }, () => pattern).flat();

it('notices a pattern that goes on at the end', () => {
  expect(goesRound([9, 9, 8, ...repeated([1, 2, 3], 14)])).toBe(true);
  expect(goesRound(repeated([5], 40))).toBe(true);
});

it('lets speech repeat itself', () => {
  expect(goesRound(repeated([5], 30))).toBe(false);
  expect(goesRound([...repeated([1, 2, 3], 14), 7])).toBe(false);
  expect(goesRound(Array.from({ length: 200 }, (_, at) => at))).toBe(false);
  expect(
    goesRound(
      repeated(
        Array.from({ length: 20 }, (_, at) => at),
        4,
      ),
    ),
  ).toBe(false);
});
