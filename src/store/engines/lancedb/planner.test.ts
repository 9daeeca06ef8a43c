import fc from 'fast-check';
import { expect, it } from 'vitest';
import { INDEX_FROM_ROWS, needsIndex, partitionsFor, planSearch } from './planner.ts';

const way = (matches: number, limit = 10, partitions = 316) =>
  planSearch({ rows: 100_000, matches, partitions, limit });

it('compares all that count where there is no index, or where they are few', () => {
  expect(way(100_000, 10, 0)).toEqual({ way: 'scan' });
  expect(way(250)).toEqual({ way: 'scan' });
  expect(way(900, 1_000)).toEqual({ way: 'scan' });
  expect(planSearch({ rows: 10_000, matches: 100, partitions: 100, limit: 1 })).toEqual({ way: 'scan' });
});

it('asks some partitions where most count, more for more results, and all where fewer count', () => {
  expect(way(100_000)).toEqual({ way: 'index', probes: 32 });
  expect(way(50_000)).toEqual({ way: 'index', probes: 64 });
  expect(way(100_000, 64)).toEqual({ way: 'index', probes: 64 });
  expect(way(49_999)).toEqual({ way: 'index', probes: null });
  expect(way(251)).toEqual({ way: 'index', probes: null });
  expect(planSearch({ rows: 20_000, matches: 20_000, partitions: 141, limit: 10 })).toMatchObject({ probes: null });
});

it('never asks more partitions than there are, nor none (property)', () => {
  const some = fc.integer({ min: 1, max: 1e9 });
  fc.assert(
    fc.property(some, some, fc.integer({ min: 1, max: 1_000 }), (a, b, limit) => {
      const rows = Math.max(a, b);
      const partitions = partitionsFor(rows);
      const plan = planSearch({ rows, matches: Math.min(a, b), partitions, limit });
      if (plan.way === 'index' && plan.probes !== null)
        expect(plan.probes >= 1 && plan.probes <= partitions).toBe(true);
    }),
  );
});

it('wants an index from ten thousand rows on, and a new one when there are four times as many', () => {
  expect(needsIndex(INDEX_FROM_ROWS - 1, 0)).toBe(false);
  expect(needsIndex(INDEX_FROM_ROWS, 0)).toBe(true);
  expect(needsIndex(39_000, 100)).toBe(false);
  expect(needsIndex(40_000, 100)).toBe(true);
});
