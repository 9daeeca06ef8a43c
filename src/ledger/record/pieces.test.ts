import fc from 'fast-check';
import { expect, it } from 'vitest';
import { spanOf } from '../__fixtures__/ledger.ts';
import { piecesOf } from './pieces.ts';

it('cuts at code points, and keeps the most doubtful of what overlaps', () => {
  const spans = [
    spanOf({ start: 1, end: 3, pError: 0.6 }),
    spanOf({ start: 2, end: 4, pError: 0.9 }),
    spanOf({ start: 5, end: 9, pError: 1 }),
    spanOf({ start: 0, end: 1, pError: 0.1 }),
  ];
  expect(piecesOf('𬬱𡋾好吗呢', spans).map(({ text, span }) => [text, span?.pError ?? null])).toEqual([
    ['𬬱', 0.1],
    ['𡋾', null],
    ['好吗', 0.9],
    ['呢', null],
  ]);
});

it('makes the text again whatever the spans', () => {
  const span = fc.tuple(fc.nat(12), fc.nat(12), fc.double({ min: 0, max: 1, noNaN: true }));
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.array(span), (text, places) => {
      const spans = places.map(([start, end, pError]) => spanOf({ start, end, pError }));
      expect(
        piecesOf(text, spans)
          .map((piece) => piece.text)
          .join(''),
      ).toBe(text);
    }),
  );
});
