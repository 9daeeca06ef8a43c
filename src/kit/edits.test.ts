import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, editsBetween, errorRate } from './edits.ts';

const of = (reference: string, other: string) => editsBetween([...reference], [...other]);
const short = fc.string({ unit: fc.constantFrom('a', 'b', '天', '地'), maxLength: 12 });

describe('editsBetween', () => {
  it('counts each kind of edit', () => {
    expect(of('kitten', 'sitting')).toEqual({ substitutions: 2, deletions: 0, insertions: 1, hits: 4 });
    expect(of('天地玄黄', '天地懸皇')).toMatchObject({ substitutions: 2, hits: 2 });
    expect(of('', 'ab')).toMatchObject({ insertions: 2 });
    expect(of('ab', '')).toMatchObject({ deletions: 2 });
  });

  it('accounts for every item of both, is nothing for equal ones, and no larger the other way round', () => {
    fc.assert(
      fc.property(short, short, (a, b) => {
        const edits = of(a, b);
        const { substitutions, deletions, insertions, hits } = edits;
        expect(substitutions + deletions + hits).toBe(a.length);
        expect(substitutions + insertions + hits).toBe(b.length);
        const back = of(b, a);
        expect(substitutions + deletions + insertions).toBe(back.substitutions + back.deletions + back.insertions);
        expect(errorRate(of(a, a))).toBe(0);
      }),
    );
  });

  it('never costs more than by way of a third', () => {
    const distance = (a: string, b: string) => {
      const { substitutions, deletions, insertions } = of(a, b);
      return substitutions + deletions + insertions;
    };
    fc.assert(fc.property(short, short, short, (a, b, c) => distance(a, c) <= distance(a, b) + distance(b, c)));
  });
});

it('gives a rate that may exceed 1, and of nothing 0 or 1', () => {
  expect(errorRate(of('a', 'bcd'))).toBe(3);
  expect([errorRate(of('', '')), errorRate(of('', 'abc'))]).toEqual([0, 1]);
});

it('gives the distance alone, the same as the sum of the edits by kind', () => {
  expect([editDistance('kitten', 'sitting'), editDistance('', 'ab'), editDistance(['a', 'b'], [])]).toEqual([3, 2, 2]);
  fc.assert(
    fc.property(short, short, (a, b) => {
      const { substitutions, deletions, insertions } = of(a, b);
      expect(editDistance(a, b)).toBe(substitutions + deletions + insertions);
    }),
  );
});
