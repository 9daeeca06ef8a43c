import { expect, it } from 'vitest';
import { meanOf } from './pool.ts';

it('averages the rows of the text and none of the filling', () => {
  expect([...meanOf(Float32Array.of(1, 2, 3, 6, 1000, 1000), 2, 2)]).toEqual([2, 4]);
});
