import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalised, shortened, toBase64 } from './vector.ts';

const vectors = fc
  .array(fc.float({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 40 })
  .map((values) => Float32Array.from(values));

describe('vectors', () => {
  it('have length 1 once normalised, and the same direction', () => {
    expect([...normalised(Float32Array.of(3, -4))]).toEqual([expect.closeTo(0.6), expect.closeTo(-0.8)]);
    expect([...normalised(Float32Array.of(0, 0))]).toEqual([0, 0]);
  });

  it('are cut and normalised again', () => {
    expect([...shortened(Float32Array.of(3, 4, 12), 2)]).toEqual([expect.closeTo(0.6), expect.closeTo(0.8)]);
    const whole = Float32Array.of(0.6, 0.8);
    expect(shortened(whole, 2)).toEqual(whole);
  });

  it('come back from base64 as they were, also out of the middle of a buffer (property)', () => {
    expect(toBase64(Float32Array.of(1, -2))).toBe('AACAPwAAAMA=');
    fc.assert(
      fc.property(vectors, fc.nat(), (vector, from) => {
        const part = vector.subarray(from % vector.length);
        const bytes = Buffer.from(toBase64(part), 'base64');
        const read = part.map((_, at) => bytes.readFloatLE(at * 4));
        expect(bytes).toHaveLength(part.length * 4);
        expect(read).toEqual(part);
      }),
    );
  });
});
