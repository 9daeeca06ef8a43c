import fc from 'fast-check';
import { expect, it } from 'vitest';
import { editDistance } from '#kit/edits.ts';
import { alignLattice } from './align.ts';
import { LEVENSHTEIN, SCLITE } from './costs.ts';
import { latticeOf, type Slot } from './lattice.ts';

const letters = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 });
const slots: fc.Arbitrary<Slot[]> = fc.array(fc.array(letters, { minLength: 1, maxLength: 3 }), { maxLength: 4 });

function written(ways: readonly Slot[]): string[][] {
  return ways.reduce<string[][]>((all, slot) => all.flatMap((one) => slot.map((way) => [...one, ...way])), [[]]);
}

it('costs as much as the nearest of all the ways to write the reference', () => {
  fc.assert(
    fc.property(slots, fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 10 }), (some, hypothesis) => {
      const steps = alignLattice(latticeOf(some), hypothesis);
      const nearest = Math.min(...written(some).map((one) => editDistance(one, hypothesis)));
      expect(steps.filter(({ kind }) => kind !== 'hit').length).toBe(nearest);
      expect(steps.filter(({ kind }) => kind !== 'deletion').map((step) => step.hypothesis)).toEqual([
        ...hypothesis.keys(),
      ]);
    }),
  );
});

it('takes the same way where only some rows of the table are kept', () => {
  fc.assert(
    fc.property(fc.array(slots, { maxLength: 6 }), fc.array(fc.constantFrom('a', 'b', 'c')), (some, hypothesis) => {
      const lattice = latticeOf(some.flat());
      for (const costs of [LEVENSHTEIN, SCLITE]) {
        expect(alignLattice(lattice, hypothesis, costs, 0)).toEqual(alignLattice(lattice, hypothesis, costs));
      }
    }),
  );
});
