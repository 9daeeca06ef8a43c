import fc from 'fast-check';
import { expect, it } from 'vitest';
import { quantise, ZERO } from './quantise.ts';

const float = fc.float({ noNaN: true, noDefaultInfinity: true, min: Math.fround(-1e30), max: Math.fround(1e30) });

it('moves no number by more than half a step of its block', () => {
  fc.assert(
    fc.property(fc.array(float, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 8 }), (some, block) => {
      const numbers = Float32Array.from({ length: block * 3 }, (_, at) => some[at % some.length] ?? 0);
      const { values, scales } = quantise(numbers, block);
      for (const [at, value] of numbers.entries()) {
        const scale = scales[Math.floor(at / block)] ?? 0;
        const back = ((values[at] ?? 0) - ZERO) * scale;
        // Rounding the step itself to a float32 may add a little; the least float32 is half a step of nothing.
        expect(Math.abs(back - value)).toBeLessThanOrEqual(scale * 0.5001 + 127 * 2 ** -149);
      }
    }),
  );
});

it('gives each block its own step and keeps zero exact', () => {
  const { values, scales } = quantise(Float32Array.of(127, -127, 0, 1, 0, 0, 0, 0, -0.5, 0.25, 0, 0), 4);
  expect([...values]).toEqual([255, 1, 128, 129, 128, 128, 128, 128, 1, 192, 128, 128]);
  expect([...scales]).toEqual([1, 0, Math.fround(0.5 / 127)]);
});

it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('refuses %s', (value) => {
  expect(() => quantise(Float32Array.of(1, value), 2)).toThrow('finite');
});
