import fc from 'fast-check';
import { expect, it } from 'vitest';
import { unitsOf } from './units.ts';

it('cuts Chinese by character and the rest by word, without what is neither', () => {
  expect(unitsOf('他说：“OK, it’s 3点”。').map(({ text, kind }) => `${text} ${kind}`)).toEqual([
    ...['他 han', '说 han', 'ok word', "it's word", '3 word', '点 han'],
  ]);
});

it('compares without width and case', () => {
  expect(unitsOf('ＡＢｃ').map(({ text }) => text)).toEqual(['abc']);
});

it('places each unit in code points of the text as it stands', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('国', '𬬱', 'a', 'é', '’', ' ', '，', '🙂', 'か'), maxLength: 40 }),
      (text) => {
        const points = [...text];
        let last = 0;
        for (const { text: unit, start, end, kind } of unitsOf(text)) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          if (kind === 'han') expect(end - start).toBe(1);
          expect(points.slice(start, end).join('').normalize('NFKC').toLowerCase().replaceAll('’', "'")).toBe(unit);
          last = end;
        }
      },
    ),
  );
});
