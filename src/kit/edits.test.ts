import fc from 'fast-check';
import { expect, it } from 'vitest';
import { editDistance } from './edits.ts';

const short = fc.string({ unit: fc.constantFrom('a', 'b', '天', '地'), maxLength: 12 });

it('counts the fewest edits', () => {
  expect([editDistance('kitten', 'sitting'), editDistance('', 'ab'), editDistance(['a', 'b'], [])]).toEqual([3, 2, 2]);
});

it('is nothing for equal texts, the same both ways, and never more than by way of a third', () => {
  fc.assert(
    fc.property(short, short, short, (a, b, c) => {
      expect(editDistance(a, b) === 0).toBe(a === b);
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
    }),
  );
});
