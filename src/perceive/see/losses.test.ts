import { expect, it } from 'vitest';
import type { TextLine } from '#contract/perception.ts';
import { lossesOf } from './losses.ts';

const line = (text: string, probability: number | null, more: Partial<TextLine> = {}): TextLine => ({
  text,
  start: 0,
  box: [
    [0, 0],
    [9, 0],
    [9, 9],
    [0, 9],
  ],
  direction: 'horizontal',
  heightPx: 20,
  characters: [...text].map((one) => ({ text: one, probability })),
  confidence: probability,
  confidenceSource: probability === null ? null : 'test',
  unwritable: false,
  ...more,
});
const kinds = (...lines: TextLine[]) => lossesOf(lines, 'part-1', 'test').map(({ kind, extent }) => [kind, extent]);

it('notes doubtful characters once a line, with their count; not spaces, not what nobody measured', () => {
  expect(kinds(line('ab', 0.79), line('c', 0.8))).toEqual([['doubtful-character', 2]]);
  expect(kinds(line(' ', 0.2), line('d', null))).toEqual([]);
});

it('notes small print by the height of its characters', () => {
  expect(kinds(line('a', 1, { heightPx: 9.04 }), line('b', 1, { heightPx: 12 }))).toEqual([['small-print', 9]]);
});

it('notes what was drawn and not written, as an estimate', () => {
  expect(lossesOf([line('a□', 1, { unwritable: true })], 'part-1', 'test')).toMatchObject([
    { kind: 'unwritable-character', certainty: 'estimated', part: 'part-1', engine: 'test', text: 'a□' },
  ]);
});
