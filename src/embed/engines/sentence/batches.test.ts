import fc from 'fast-check';
import { expect, it } from 'vitest';
import { batchesOf } from './batches.ts';

it('puts like lengths together, longest first', () => {
  expect(batchesOf([3, 100, 4, 50, 49], 110)).toEqual([[1], [3, 4], [2, 0]]);
  expect(batchesOf([], 100)).toEqual([]);
});

it('takes every text once and keeps to the limit wherever it can (property)', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 50 });
  fc.assert(
    fc.property(lengths, fc.integer({ min: 1, max: 100 }), (lengths, maxTokens) => {
      const batches = batchesOf(lengths, maxTokens);
      expect(batches.flat().sort((a, b) => a - b)).toEqual(lengths.map((_, at) => at));
      for (const batch of batches) {
        const filled = batch.length * Math.max(...batch.map((at) => lengths[at]!));
        expect(batch.length === 1 || filled <= maxTokens).toBe(true);
      }
    }),
  );
});
