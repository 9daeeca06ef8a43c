import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Which } from '#contract/vector-store.ts';
import { Values, whereOf } from '../pgvector/where.ts';
import { fieldOf, hashed, mustBePrefix, storable } from './names.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('\0', '\\', '\ud800', '\udc00', 'a', '0', "'") }),
);

it('carries any text as one that every server can keep, and never makes one of two', () => {
  fc.assert(
    fc.property(anyText, anyText, (a, b) => {
      expect(storable(a)).not.toMatch(/\0|\p{Cs}/u);
      expect(storable(a) === storable(b)).toBe(a === b);
      expect(hashed(a) === hashed(b)).toBe(a === b);
    }),
    { numRuns: 2_000 },
  );
});

it('calls attributes by letters, digits and _ alone, another name for another key or another type', () => {
  const value = fc.oneof(fc.string(), fc.double(), fc.boolean());
  fc.assert(
    fc.property(anyText, value, anyText, value, (a, x, b, y) => {
      expect(fieldOf(a, x)).toMatch(/^[snb]x?_\w*$/);
      expect(fieldOf(a, x) === fieldOf(b, y)).toBe(a === b && typeof x === typeof y);
    }),
    { numRuns: 2_000 },
  );
});

it('takes no prefix that could be more than one', () => {
  expect(mustBePrefix('sensorium_')).toBe('sensorium_');
  for (const odd of ['', 'A', '1a', 'a"', 'a.b', 'a/..', 'ä', 'a'.repeat(41)])
    expect(() => mustBePrefix(odd)).toThrow(/names/);
});

it('puts nothing from outside into a statement: it is the same for every text', () => {
  const statement = (text: string) => {
    const which: Which = {
      tenant: text,
      store: text,
      file: text,
      modality: 'text',
      filter: {
        type: 'or',
        filters: [
          { type: 'eq', key: text, value: text },
          { type: 'nin', key: text, value: [text, 1] },
          { type: 'gt', key: text, value: 1.5 },
        ],
      },
    };
    return whereOf(which, new Values());
  };
  const plain = statement('a');
  fc.assert(
    fc.property(anyText, (text) => {
      expect(statement(text)).toBe(plain);
    }),
  );
});
