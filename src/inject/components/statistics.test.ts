import { expect, it } from 'vitest';
import { vectorStatistics } from './statistics.ts';

it('tells how rows look: their length, how near they are to fixed rows, and which repeat one of their own item', () => {
  const items = [new Float32Array([3, 4, 3, 4]), new Float32Array([3, 4]), new Float32Array([0, 5])];
  const found = vectorStatistics(items, 2, [[0, 1]]);
  expect(found).toMatchObject({ items: 3, normMean: 5, normDeviation: 0, duplicateShare: 0.25 });
  expect(found.nearestCosineMean).toBeCloseTo((0.8 * 3 + 1) / 4);
  expect(vectorStatistics([], 2, null)).toMatchObject({ items: 0, normMean: 0, duplicateShare: 0 });
});
