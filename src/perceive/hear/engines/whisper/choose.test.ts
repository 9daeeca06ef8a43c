import fc from 'fast-check';
import { expect, it } from 'vitest';
import { choose, probabilitiesOf, randomOf } from './choose.ts';

const logits = Float32Array.of(Math.log(0.5), Math.log(0.3), Math.log(0.2), Number.NEGATIVE_INFINITY);

it('takes the most probable token and tells its probability', () => {
  const { id, logprob } = choose(logits, 0, () => 0.99);
  expect(id).toBe(0);
  expect(Math.exp(logprob)).toBeCloseTo(0.5, 6);
});

it('draws as often as the temperature says, and tells the probability at 1', () => {
  const random = randomOf(1);
  const counts = [0, 0, 0, 0];
  for (let turn = 0; turn < 4_000; turn += 1) {
    const { id } = choose(logits, 1, random);
    counts[id] = (counts[id] ?? 0) + 1;
  }
  expect((counts[0] ?? 0) / 4_000).toBeCloseTo(0.5, 1);
  expect((counts[2] ?? 0) / 4_000).toBeCloseTo(0.2, 1);
  expect(counts[3]).toBe(0);
  expect(Math.exp(choose(logits, 5, () => 0.99).logprob)).toBeCloseTo(0.2, 6);
});

it('draws the same with the same seed', () => {
  const numbers = (seed: number) => Array.from({ length: 5 }, randomOf(seed));
  expect(numbers(3)).toEqual(numbers(3));
  expect(numbers(3)).not.toEqual(numbers(4));
});

it('never gives a token without probability, nor a positive log', () => {
  fc.assert(
    fc.property(
      fc.array(fc.float({ min: -50, max: 50, noNaN: true }), { minLength: 1 }),
      fc.constantFrom(0, 0.2, 1),
      fc.integer(),
      (values, temperature, seed) => {
        const all = Float32Array.of(Number.NEGATIVE_INFINITY, ...values);
        const { id, logprob } = choose(all, temperature, randomOf(seed));
        expect(all[id]).toBeGreaterThan(Number.NEGATIVE_INFINITY);
        expect(logprob).toBeLessThanOrEqual(0);
      },
    ),
  );
});

it('tells the probabilities of some tokens among themselves', () => {
  expect(probabilitiesOf(logits, [1, 2])[0]).toBeCloseTo(0.6, 6);
});
