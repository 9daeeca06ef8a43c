import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonRows } from './json-rows.ts';

const textOf = (values: Float32Array, width = values.length) => {
  const made = jsonRows({ rows: values.length / width, width, values });
  const bytes = Buffer.concat([...made.pieces()]);
  expect(bytes.length).toBe(made.sizeBytes);
  return bytes.toString();
};

it('writes every number with a fraction or an exponent', () => {
  expect(textOf(new Float32Array([0, 1, -0, -3, 0.5, 2 ** 100]), 3)).toBe(
    `[[0.0,1.0,0.0],[-3.0,0.5,${2 ** 100}]]`.replace(String(2 ** 100), '1.2676506e+30'),
  );
});

it('is exact for every float32', () => {
  fc.assert(
    fc.property(fc.float32Array({ minLength: 1, maxLength: 20, noNaN: true, noDefaultInfinity: true }), (values) => {
      const text = textOf(values);
      expect(text).not.toMatch(/[[,]-?\d+[\],]/);
      expect([...new Float32Array(JSON.parse(text)[0])]).toEqual([...values].map((value) => value + 0));
    }),
  );
});

it('writes no number that is none', () => {
  expect(() => textOf(new Float32Array([0, Number.NaN]))).toThrow('Row 0 has NaN in column 1');
});
