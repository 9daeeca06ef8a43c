import { describe, expect, it } from 'vitest';
import { bestToken } from './logits.ts';

describe('bestToken', () => {
  it('takes the log of the softmax over everything', () => {
    const { id, logprob } = bestToken(Float32Array.of(0, 2, 1));
    expect(id).toBe(1);
    expect(logprob).toBeCloseTo(2 - Math.log(1 + Math.exp(2) + Math.exp(1)), 12);
  });

  it('does not overflow', () => {
    expect(bestToken(Float32Array.of(3e4, -3e4))).toEqual({ id: 0, logprob: 0 });
  });

  it('leaves a forbidden token its share', () => {
    const { id, logprob } = bestToken(Float32Array.of(1, 1, 0), 0);
    expect(id).toBe(1);
    expect(logprob).toBeCloseTo(-Math.log(2 + Math.exp(-1)), 6);
  });
});
