import fc from 'fast-check';
import { expect, it } from 'vitest';
import { INDEX_FROM_ROWS, needsIndex, partitionsFor, planSearch } from './planner.ts';

it('compares all where there is no index, or where few count', () => {
  expect(planSearch({ rows: 100_000, matches: 100_000, partitions: 0, limit: 10 })).toEqual({ way: 'scan' });
  expect(planSearch({ rows: 100_000, matches: 300, partitions: 316, limit: 10 })).toEqual({ way: 'scan' });
  expect(planSearch({ rows: 100_000, matches: 900, partitions: 316, limit: 1_000 })).toEqual({ way: 'scan' });
});

it('asks more partitions the fewer items count and the more are wanted', () => {
  const probes = (matches: number, limit = 10) => {
    const plan = planSearch({ rows: 100_000, matches, partitions: 316, limit });
    return plan.way === 'index' ? plan.probes : 0;
  };
  expect(probes(100_000)).toBe(16);
  expect(probes(1_000)).toBe(160);
  expect(probes(301)).toBe(292);
  expect(probes(100_000, 64)).toBe(32);
});

it('never asks more partitions than there are, nor none (property)', () => {
  const some = fc.integer({ min: 1, max: 1e9 });
  fc.assert(
    fc.property(some, some, fc.integer({ min: 1, max: 1_000 }), (a, b, limit) => {
      const rows = Math.max(a, b);
      const partitions = partitionsFor(rows);
      const plan = planSearch({ rows, matches: Math.min(a, b), partitions, limit });
      if (plan.way === 'index') expect(plan.probes >= 1 && plan.probes <= partitions).toBe(true);
    }),
  );
});

it('wants an index from ten thousand rows on, and a new one when there are four times as many', () => {
  expect(needsIndex(INDEX_FROM_ROWS - 1, 0)).toBe(false);
  expect(needsIndex(INDEX_FROM_ROWS, 0)).toBe(true);
  expect(needsIndex(39_000, 100)).toBe(false);
  expect(needsIndex(40_000, 100)).toBe(true);
});
