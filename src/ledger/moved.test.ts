import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DoubtfulSpan } from '#contract/ledger.ts';
import type { Perception, TextEdit } from '#contract/perception.ts';
import { movedSpans, movedThrough } from './moved.ts';

const edit = (start: number, end: number, after: string, before = ''): TextEdit => ({
  ...{ start, end, before, after, by: 'correction' },
});
const apply = (text: string, edits: readonly TextEdit[]) => {
  const points = [...text];
  let made = '';
  let at = 0;
  for (const { start, end, after } of edits) {
    made += points.slice(at, start).join('') + after;
    at = end;
  }
  return made + points.slice(at).join('');
};

describe('movedThrough', () => {
  it.each([
    ['before an edit', [0, 2], [edit(3, 4, 'xyz')], [0, 2]],
    ['behind it', [4, 6], [edit(3, 4, 'xyz')], [6, 8]],
    ['the very place', [3, 4], [edit(3, 4, 'xyz')], [3, 6]],
    ['inside it', [4, 5], [edit(3, 6, 'xy')], [3, 5]],
    ['across its start', [2, 4], [edit(3, 6, 'xy')], [2, 5]],
    ['across its end', [5, 8], [edit(3, 6, 'xy')], [3, 7]],
    ['around it', [2, 8], [edit(3, 6, 'x')], [2, 6]],
    ['before what is put in', [1, 3], [edit(3, 3, '（sān）')], [1, 3]],
    ['behind what is put in', [3, 5], [edit(3, 3, '（sān）')], [8, 10]],
    ['around what is put in', [2, 5], [edit(3, 3, 'x')], [2, 6]],
    ['what is gone', [3, 4], [edit(3, 4, '')], [3, 3]],
  ] as const)('%s', (_, [start, end], edits, [from, to]) => {
    expect(movedThrough({ start, end }, edits)).toEqual({ start: from, end: to });
  });

  it('finds again what no edit touched, and lies in the text', () => {
    const text = 'abcdefghij𠮷klmnopqrstuvwxyz';
    const length = [...text].length;
    const edits = fc
      .array(
        fc.record({
          skip: fc.nat(5),
          take: fc.nat(4),
          after: fc.string({ unit: fc.constantFrom('Ω', '𡋾'), maxLength: 4 }),
        }),
        {
          maxLength: 5,
        },
      )
      .map((wishes) => {
        const made: TextEdit[] = [];
        let at = 0;
        for (const { skip, take, after } of wishes) {
          const start = at + skip + 1;
          if (start + take > length) break;
          made.push(edit(start, start + take, after));
          at = start + take;
        }
        return made;
      });
    const span = fc.tuple(fc.nat(length - 1), fc.integer({ min: 1, max: 6 })).map(([start, long]) => ({
      start,
      end: Math.min(length, start + long),
    }));
    fc.assert(
      fc.property(edits, span, (made, { start, end }) => {
        const after = [...apply(text, made)];
        const moved = movedThrough({ start, end }, made);
        expect(moved.start).toBeLessThanOrEqual(moved.end);
        expect(moved.end).toBeLessThanOrEqual(after.length);
        const touched = made.some((one) =>
          one.start === one.end ? one.start > start && one.start < end : one.start < end && one.end > start,
        );
        if (!touched) expect(after.slice(moved.start, moved.end).join('')).toBe([...text].slice(start, end).join(''));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('movedSpans', () => {
  it('tells what stands there now, and what was heard', () => {
    const span: DoubtfulSpan = {
      ...{ part: 'part-1', start: 1, end: 2, time: null, text: '浮', pError: 0.6, pErrorKind: 'raw', pSource: [] },
      ...{ alternatives: [], class: 'word' },
    };
    const perception: Perception = {
      ...{ part: 'part-1', kind: 'transcript', text: '他浮着墙', language: 'zh', languageSource: null, durationMs: 1 },
      ...{ engine: 'fake', words: [], segments: [] },
      mended: { text: '他扶着墙', edits: [edit(1, 2, '扶', '浮')] },
    };
    const later = { ...span, start: 3, end: 4, text: '墙' };
    expect(movedSpans([span, later], [perception])).toEqual([
      { ...span, text: '扶', alternatives: [{ text: '浮', p: null, by: 'before mending' }] },
      later,
    ]);
    expect(movedSpans([{ ...span, text: null }], [perception])).toEqual([{ ...span, text: null }]);
    expect(movedSpans([span], [])).toEqual([span]);
  });
});
