import { expect, it } from 'vitest';
import { blocksBy, bootstrap, bootstrapPaired } from './bootstrap.ts';
import { randomFrom } from './random.ts';

const mean = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

it('gives the same interval for the same seed, and the figure itself in its middle', () => {
  const blocks = [3, 5, 4, 6, 5, 7, 2, 5];
  const interval = bootstrap(blocks, mean, { seed: 7, draws: 500 });
  expect(bootstrap(blocks, mean, { seed: 7, draws: 500 })).toEqual(interval);
  expect(bootstrap(blocks, mean, { seed: 8, draws: 500 })).not.toEqual(interval);
  expect(interval.value).toBe(4.625);
  expect(interval.low).toBeLessThan(4.625);
  expect(interval.high).toBeGreaterThan(4.625);
});

it('covers the truth about as often as it says', () => {
  const random = randomFrom(3);
  let covered = 0;
  for (let trial = 0; trial < 300; trial += 1) {
    const { low, high } = bootstrap(Array.from({ length: 40 }, random), mean, { seed: trial, draws: 200 });
    if ((low ?? 1) <= 0.5 && 0.5 <= (high ?? 0)) covered += 1;
  }
  // 95 % is meant; percentile intervals of 40 blocks are a little narrow.
  expect(covered / 300).toBeGreaterThan(0.89);
  expect(covered / 300).toBeLessThan(0.99);
});

it('has no interval where there is nothing to draw from', () => {
  expect(bootstrap([4], mean)).toEqual({ value: 4, low: null, high: null });
  expect(bootstrap([1, 2, 3], () => Number.NaN)).toMatchObject({ low: null, high: null });
});

it('sees a small steady difference between figures that vary much', () => {
  const blocks = [1, 9, 4, 30, 2, 17].map((before) => ({ before, after: before - 0.5 }));
  const compared = bootstrapPaired(
    blocks,
    (some) => mean(some.map((block) => block.before)),
    (some) => mean(some.map((block) => block.after)),
  );
  expect(compared.difference.low).toBeCloseTo(-0.5);
  expect(compared.difference.high).toBeCloseTo(-0.5);
  expect(compared.lowerIn).toBe(1);
  expect((compared.before.high ?? 0) - (compared.before.low ?? 0)).toBeGreaterThan(5);
});

it('puts what belongs together in one block', () => {
  expect(blocksBy(['a1', 'b1', 'a2'], (item) => item.slice(0, 1))).toEqual([['a1', 'a2'], ['b1']]);
});
