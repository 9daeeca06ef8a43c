import { expect, it } from 'vitest';
import { stretches, timesByAttention, timesByStretches } from './times.ts';

const TIME = 100;
const token = (id: number) => ({ id });

it('takes text apart at the times in it', () => {
  const parts = stretches([100, 1, 2, 150, 160, 3, 200].map(token), TIME);
  expect(parts).toEqual([
    { tokens: [token(1), token(2)], startMs: 0, endMs: 1_000 },
    { tokens: [token(3)], startMs: 1_200, endMs: 2_000 },
  ]);
  expect(stretches([1, 2].map(token), TIME)).toEqual([{ tokens: [token(1), token(2)], startMs: null, endMs: null }]);
  expect(stretches([100, 1].map(token), TIME)[0]?.endMs).toBeNull();
  expect(stretches([100, 110].map(token), TIME)).toEqual([]);
});

it('spreads text over the voiced time between its own times', () => {
  const parts = stretches([100, 1, 2, 150, 160, 3, 200].map(token), TIME);
  const speech = [
    { startMs: 5_200, endMs: 6_000 },
    { startMs: 6_300, endMs: 6_900 },
  ];
  expect(timesByStretches(parts, () => 'x', 5_000, speech)).toEqual({
    source: 'interpolated',
    spans: [
      { startMs: 5_200, endMs: 5_600 },
      { startMs: 5_600, endMs: 6_000 },
      { startMs: 6_300, endMs: 6_900 },
    ],
  });
  expect(timesByStretches(parts, () => 'x', 50_000, speech)).toBeNull();
});

it('follows attention through voiced frames', () => {
  const rows = [Float32Array.of(2, 1, 1, 0, 0), Float32Array.of(0, 0, 0, 1, 1)];
  const times = timesByAttention(rows, 1_000, [{ startMs: 1_000, endMs: 1_100 }]);
  expect(times).toEqual({
    source: 'attention',
    spans: [
      { startMs: 1_000, endMs: 1_060 },
      { startMs: 1_060, endMs: 1_100 },
    ],
  });
});
