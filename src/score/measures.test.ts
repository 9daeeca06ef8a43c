import fc from 'fast-check';
import { expect, it } from 'vitest';
import { errorRate, measuresOf, together } from './measures.ts';

const count = fc.nat(50);
const edits = fc.record({ substitutions: count, deletions: count, insertions: count, hits: count });

it('has rates that agree with one another', () => {
  fc.assert(
    fc.property(edits, (some) => {
      const { errorRate: rate, matchErrorRate, wordInformationPreserved, wordInformationLost } = measuresOf(some);
      expect(matchErrorRate).toBeLessThanOrEqual(rate);
      expect(matchErrorRate).toBeLessThanOrEqual(1);
      expect(wordInformationPreserved + wordInformationLost).toBeCloseTo(1);
      expect(wordInformationLost).toBeGreaterThanOrEqual(0);
    }),
  );
});

it('averages over all units, so that the rate of all lies between those of its parts', () => {
  fc.assert(
    fc.property(
      fc.array(
        edits.map((some) => ({ ...some, hits: some.hits + 1 })),
        { minLength: 1 },
      ),
      (some) => {
        const rates = some.map(errorRate);
        const { rate } = together(some);
        expect(rate).toBeGreaterThanOrEqual(Math.min(...rates) - 1e-9);
        expect(rate).toBeLessThanOrEqual(Math.max(...rates) + 1e-9);
      },
    ),
  );
});

it('counts what was invented where nothing is to be found, as jiwer does', () => {
  const silence = { substitutions: 0, deletions: 0, hits: 0 };
  expect(measuresOf({ ...silence, insertions: 3 })).toMatchObject({ errorRate: 3, matchErrorRate: 1 });
  expect(measuresOf({ ...silence, insertions: 0 })).toMatchObject({ errorRate: 0, wordInformationPreserved: 1 });
});
