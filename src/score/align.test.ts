import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance } from '#kit/edits.ts';
import { type Alignment, align } from './align.ts';
import { randomFrom } from './random.ts';

const of = (reference: string, hypothesis: string) => align([...reference], [...hypothesis]);
const edits = ({ substitutions, deletions, insertions }: Alignment) => substitutions + deletions + insertions;

// Few letters, so that ties and repetitions are common.
const texts = fc.array(fc.constantFrom('a', 'b', '啊', '吧'), { maxLength: 30 });

describe('align', () => {
  it('says what happened, and where', () => {
    expect(of('你昨天真的去了', '昨天真的去啦了')).toEqual({
      substitutions: 0,
      deletions: 1,
      insertions: 1,
      hits: 6,
      spans: [
        { kind: 'deletion', reference: { start: 0, end: 1 }, hypothesis: { start: 0, end: 0 } },
        { kind: 'hit', reference: { start: 1, end: 6 }, hypothesis: { start: 0, end: 5 } },
        { kind: 'insertion', reference: { start: 6, end: 6 }, hypothesis: { start: 5, end: 6 } },
        { kind: 'hit', reference: { start: 6, end: 7 }, hypothesis: { start: 6, end: 7 } },
      ],
    });
  });

  it('counts as many edits as there are, and is a metric', () => {
    fc.assert(
      fc.property(texts, texts, texts, (a, b, c) => {
        const ab = edits(align(a, b));
        expect(ab).toBe(editDistance(a, b));
        expect(ab === 0).toBe(a.join() === b.join());
        expect(edits(align(b, a))).toBe(ab);
        expect(edits(align(a, c))).toBeLessThanOrEqual(ab + edits(align(b, c)));
      }),
    );
  });

  it('has spans that follow one another, count up and rebuild the hypothesis', () => {
    fc.assert(
      fc.property(texts, texts, (a, b) => {
        const { spans, ...counts } = align(a, b);
        expect(counts.hits + counts.substitutions + counts.deletions).toBe(a.length);
        expect(counts.hits + counts.substitutions + counts.insertions).toBe(b.length);
        const rebuilt: string[] = [];
        let [atA, atB] = [0, 0];
        for (const { kind, reference, hypothesis } of spans) {
          expect([reference.start, hypothesis.start]).toEqual([atA, atB]);
          rebuilt.push(...(kind === 'hit' ? a : b).slice(...(kind === 'hit' ? range(reference) : range(hypothesis))));
          [atA, atB] = [reference.end, hypothesis.end];
        }
        expect([atA, atB]).toEqual([a.length, b.length]);
        expect(rebuilt).toEqual(b);
      }),
    );
  });

  it('costs no more than it must where the table is too large to keep', () => {
    const random = randomFrom(5);
    const letters = (length: number) => Array.from({ length }, () => 'abcd'[Math.floor(random() * 4)] as string);
    const [a, b] = [letters(2100), letters(2000)];
    expect(edits(align(a, b))).toBe(editDistance(a, b));
  });

  it('refuses what would take minutes', () => {
    const long = (unit: string) => Array<string>(110_000).fill(unit);
    expect(() => align(long('a'), long('b'))).toThrow(RangeError);
    expect(align(long('a'), long('a')).hits).toBe(110_000);
  });
});

const range = ({ start, end }: { start: number; end: number }): [number, number] => [start, end];
