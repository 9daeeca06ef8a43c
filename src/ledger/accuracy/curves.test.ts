import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rankingOf } from './curves.ts';

it('is 1 where every hit comes first, 0 where it comes last, and a half where nothing tells them apart', () => {
  const of = (...pairs: [number, boolean][]) => rankingOf(pairs.map(([value, hit]) => ({ value, hit })));
  expect(of([3, true], [2, true], [1, false])).toEqual({ auroc: 1, ap: 1, recallAtP60: 1 });
  expect(of([1, true], [2, false], [3, false])).toMatchObject({ auroc: 0, recallAtP60: 0 });
  expect(of([1, true], [1, false], [1, false])).toMatchObject({ auroc: 0.5, ap: 1 / 3 });
});

it('counts pairs in the right order', () => {
  const valued = fc.array(fc.record({ value: fc.integer({ min: 0, max: 5 }), hit: fc.boolean() }), { maxLength: 20 });
  fc.assert(
    fc.property(valued, (all) => {
      const pairs = all.flatMap((one) => (one.hit ? all.filter(({ hit }) => !hit).map((other) => [one, other]) : []));
      fc.pre(pairs.length > 0);
      const right = pairs.reduce(
        (sum, [one, other]) => sum + Number(one!.value > other!.value) + Number(one!.value === other!.value) / 2,
        0,
      );
      expect(rankingOf(all).auroc).toBeCloseTo(right / pairs.length, 9);
    }),
  );
});
