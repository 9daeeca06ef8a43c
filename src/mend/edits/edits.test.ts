import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Mark, TextEdit } from '#contract/perception.ts';
import { codePoints } from '#kit/code-points.ts';
import { applyEdits } from '../gate/index.ts';
import { aroundMarks, joinEdits } from './index.ts';

const letters = fc.string({ unit: fc.constantFrom('他', '她', 'a', '𠮷', '。'), maxLength: 12 });

/** Edits of a text in order and apart. */
function editsOf(text: string, by: TextEdit['by']): fc.Arbitrary<TextEdit[]> {
  const points = [...text];
  const one = fc.record({
    skip: fc.nat(3),
    take: fc.nat(3),
    after: fc.string({ unit: fc.constantFrom('x', '𠮷'), maxLength: 3 }),
  });
  return fc.array(one, { maxLength: 4 }).map((wishes) => {
    const edits: TextEdit[] = [];
    let at = 0;
    for (const { skip, take, after } of wishes) {
      const start = at + skip + (at === 0 ? 0 : 1);
      const end = start + take;
      if (end > points.length) break;
      const before = points.slice(start, end).join('');
      if (before !== after) edits.push({ start, end, before, after, by });
      at = end;
    }
    return edits;
  });
}

const isOrderly = (text: string, edits: readonly TextEdit[]) => {
  const points = [...text];
  let at = 0;
  for (const { start, end, before } of edits) {
    expect(start).toBeGreaterThanOrEqual(at);
    expect(points.slice(start, end).join('')).toBe(before);
    at = end;
  }
};

describe('joinEdits', () => {
  it('makes of two rounds one that comes to the same', () => {
    const twice = letters.chain((text) =>
      editsOf(text, 'glossary').chain((first) =>
        fc.record({
          text: fc.constant(text),
          first: fc.constant(first),
          second: editsOf(applyEdits(text, first), 'gloss'),
        }),
      ),
    );
    fc.assert(
      fc.property(twice, ({ text, first, second }) => {
        const joined = joinEdits(text, first, second);
        isOrderly(text, joined);
        expect(applyEdits(text, joined)).toBe(applyEdits(applyEdits(text, first), second));
      }),
      { numRuns: 2_000 },
    );
  });

  it('leaves apart what does not meet, and names who came last where it does', () => {
    const term: TextEdit = { start: 0, end: 2, before: '张山', after: '张三', by: 'glossary' };
    const gloss: TextEdit = { start: 2, end: 2, before: '', after: '（sān）', by: 'gloss' };
    expect(joinEdits('张山来了', [term], [gloss])).toEqual([term, gloss]);
    const other: TextEdit = { start: 1, end: 3, before: '三来', after: '三到', by: 'correction' };
    expect(joinEdits('张山来了', [term], [other])).toEqual([
      { start: 0, end: 3, before: '张山来', after: '张三到', by: 'correction' },
    ]);
  });
});

describe('aroundMarks', () => {
  const mark = (at: number, written: string): Mark => ({ at, written, time: { startMs: 0, endMs: 1 }, cues: [] });
  const woven = (text: string, marks: readonly Mark[]) => {
    const points = [...text];
    return (
      points
        .map(
          (point, at) =>
            marks
              .filter((one) => one.at === at)
              .map(({ written }) => written)
              .join('') + point,
        )
        .join('') +
      marks
        .filter((one) => one.at === points.length)
        .map(({ written }) => written)
        .join('')
    );
  };

  it('keeps every mark, and the words come to the same without them', () => {
    const marked = letters.chain((text) =>
      fc.record({
        text: fc.constant(text),
        marks: fc
          .uniqueArray(fc.nat(codePoints(text)), { maxLength: 4 })
          .map((places) => places.sort((a, b) => a - b).map((at) => mark(at, `[停顿${'长'.repeat(at % 3)}]`))),
        edits: editsOf(text, 'correction'),
      }),
    );
    fc.assert(
      fc.property(marked, ({ text, marks, edits }) => {
        const enriched = woven(text, marks);
        const moved = aroundMarks(edits, marks);
        isOrderly(enriched, moved);
        const mended = applyEdits(enriched, moved);
        expect(mended.match(/\[停顿长*\]/gu) ?? []).toEqual(marks.map(({ written }) => written));
        expect(mended.replaceAll(/\[停顿长*\]/gu, '')).toBe(applyEdits(text, edits));
      }),
      { numRuns: 2_000 },
    );
  });
});
