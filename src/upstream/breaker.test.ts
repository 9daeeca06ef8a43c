import { expect, it } from 'vitest';
import { breaker } from './breaker.ts';

const A = 'http://a';

function failing(times: number) {
  let now = 0;
  const one = breaker(() => now);
  for (let count = 0; count < times; count++) one.failed(A);
  return { one, later: (ms: number) => (now += ms) };
}

it('lets a server fail four times, and leaves it alone after the fifth', () => {
  expect(failing(4).one.restMs(A, 5)).toBe(0);
  const { one } = failing(5);
  expect(one.restMs(A, 5)).toBe(10_000);
  expect(one.restMs('http://b', 5)).toBe(0);
});

it('lets one request try after the rest, and all when that went well', () => {
  const { one, later } = failing(5);
  later(10_000);
  expect([one.restMs(A, 5), one.restMs(A, 5)]).toEqual([0, 10_000]);
  one.succeeded(A);
  expect([one.restMs(A, 5), one.restMs(A, 5)]).toEqual([0, 0]);
});

it('rests twice as long when the try failed too, never above five minutes', () => {
  const { one, later } = failing(5);
  const rests: number[] = [];
  for (let round = 0; round < 8; round++) {
    const restMs = one.restMs(A, 5);
    rests.push(restMs);
    later(restMs);
    expect(one.restMs(A, 5)).toBe(0);
    one.failed(A);
  }
  expect(rests).toEqual([10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000]);
});

it('lets another try when the one that tried was cancelled', () => {
  const { one, later } = failing(5);
  later(10_000);
  expect(one.restMs(A, 5)).toBe(0);
  one.left(A);
  expect(one.restMs(A, 5)).toBe(0);
});
