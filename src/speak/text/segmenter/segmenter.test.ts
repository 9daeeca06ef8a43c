import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSegmenter, type SegmenterOptions, type SentencePiece } from './segmenter.ts';

function segment(chunks: readonly string[], options?: SegmenterOptions): SentencePiece[] {
  const segmenter = createSegmenter(options);
  return [...chunks.flatMap((chunk) => segmenter.push(chunk)), ...segmenter.end()];
}

const words = fc.constantFrom(
  ...[
    'Dr.',
    'Mr. ',
    'U.S. ',
    '3.14',
    '$9.99',
    'Jan. ',
    'e.g. ',
    'Node.js',
    'https://a.com/x?y=1.',
    'a@b.co',
    "dogs' ",
    'The ',
    'because ',
    'to ',
    'so ',
    'it',
  ],
  ...[
    '你好',
    '。',
    '！？',
    '……',
    '“',
    '”',
    '「',
    '」',
    '，',
    '、',
    '：',
    '——',
    '；',
    '《',
    '》',
    '（',
    '）',
    '今天',
    '2026年',
  ],
  ...[
    '.',
    '!',
    '?',
    ';',
    ', ',
    ': ',
    ' — ',
    '–',
    '...',
    '…',
    '"',
    "'",
    ')',
    '(',
    '\n',
    '\r\n',
    ' ',
    '  ',
    '1. ',
    '- ',
    'I',
    'x',
    '7',
  ],
  ...['👩‍👩‍👧', '🇨🇳', '👍🏽', 'é', 'e\u0301', '\ud800', '𠮷', '\u200d'],
);
const text = fc
  .array(fc.oneof({ weight: 9, arbitrary: words }, { weight: 1, arbitrary: fc.string({ unit: 'grapheme' }) }), {
    maxLength: 60,
  })
  .map((parts) => parts.join(''));
const options = fc.record(
  {
    firstMinChars: fc.integer({ min: 1, max: 60 }),
    firstPhraseMinChars: fc.integer({ min: 1, max: 60 }),
    minChars: fc.integer({ min: 0, max: 60 }),
    maxChars: fc.integer({ min: 20, max: 250 }),
  },
  { requiredKeys: [] },
);

describe('properties of any text', () => {
  test('pieces do not depend on how the text was chunked, down to single UTF-16 units', () => {
    fc.assert(
      fc.property(text, fc.infiniteStream(fc.integer({ min: 1, max: 9 })), options, (whole, sizes, how) => {
        const chunks: string[] = [];
        for (let at = 0; at < whole.length; ) {
          const size = sizes.next().value ?? 1;
          chunks.push(whole.slice(at, at + size));
          at += size;
        }
        const expected = segment([whole], how);
        expect(segment(chunks, how)).toEqual(expected);
        expect(segment(whole.split(''), how)).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });

  test('pieces joined are the text, and their offsets say where they stand', () => {
    fc.assert(
      fc.property(text, options, (whole, how) => {
        const pieces = segment([whole], how);
        expect(pieces.map((piece) => piece.text).join('')).toBe(whole);
        for (const piece of pieces) expect(whole.slice(piece.start, piece.end)).toBe(piece.text);
      }),
      { numRuns: 1000 },
    );
  });

  test('no cut goes through a grapheme', () => {
    const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
    fc.assert(
      fc.property(text, options, (whole, how) => {
        const starts = new Set([...graphemes.segment(whole)].map((grapheme) => grapheme.index));
        for (const piece of segment([whole], how)) expect(starts.has(piece.start)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test('every piece but the last has something to say', () => {
    fc.assert(
      fc.property(text, options, (whole, how) => {
        for (const piece of segment([whole], how).slice(0, -1)) expect(piece.text).toMatch(/[\p{L}\p{N}]/u);
      }),
    );
  });
});

describe('length', () => {
  const sentence =
    'When the long day finally came to its end, everyone who had worked in the field went home to sleep.';

  test('the first piece may end at a comma once it is long enough, the second may not', () => {
    const pieces = segment([`${sentence} ${sentence}`], { firstMinChars: 30 });
    expect(pieces.map((piece) => [piece.text.trim().slice(0, 8), piece.boundary])).toEqual([
      ['When the', 'soft'],
      ['everyone', 'hard'],
      ['When the', 'hard'],
    ]);
    expect(
      segment(['今天的天气非常好，适合我们出去走走，你要一起来吗？好。'], { firstMinChars: 40 }).map(
        (piece) => piece.text,
      ),
    ).toEqual(['今天的天气非常好，适合我们出去走走，', '你要一起来吗？', '好。']);
  });

  test('short sentences join the next one when asked, but not over a line end', () => {
    expect(segment(['Yes. That is the one I meant. No.\nGood.'], { minChars: 20 }).map((piece) => piece.text)).toEqual([
      'Yes. That is the one I meant.',
      ' No.\n',
      'Good.',
    ]);
  });

  test('a sentence that is too long is cut at a comma, else at a blank, else between graphemes', () => {
    expect(segment([`${sentence}`], { maxChars: 60 }).map((piece) => piece.text)).toEqual([
      'When the long day finally came to its end,',
      ' everyone who had worked in the field went home to sleep.',
    ]);
    for (const [whole, longest] of [
      ['word '.repeat(300), 250],
      ['字'.repeat(500), 84],
      ['x'.repeat(1000), 250],
      ['9'.repeat(400), 63],
    ] as const) {
      const pieces = segment([whole]);
      expect(pieces.length).toBeGreaterThan(2);
      expect(Math.max(...pieces.map((piece) => piece.text.length))).toBeLessThanOrEqual(longest);
    }
  });
});

describe('what is given when', () => {
  test('a Chinese sentence is given with the first character of the next, at once when a timer asks', () => {
    const segmenter = createSegmenter();
    expect(segmenter.push('你好。')).toEqual([]);
    expect(segmenter.release().map((piece) => piece.text)).toEqual(['你好。']);
    expect(segmenter.push('我很好。再')).toMatchObject([{ text: '我很好。', start: 3, end: 7, boundary: 'hard' }]);
    expect(segmenter.release()).toEqual([]);
  });

  test('an English sentence is given with the blank after it; a timer does not cut 3.14', () => {
    const segmenter = createSegmenter();
    expect(segmenter.push('It is hot.')).toEqual([]);
    expect(segmenter.release()).toEqual([]);
    expect(segmenter.push(' ').map((piece) => piece.text)).toEqual(['It is hot.']);
  });

  test('a scheduler may take what stands before the last pause', () => {
    const segmenter = createSegmenter();
    expect(segmenter.push('Well, if you ask me, I')).toEqual([]);
    expect(segmenter.takeSoft()).toMatchObject([{ text: 'Well, if you ask me,', boundary: 'soft' }]);
    expect(segmenter.takeSoft()).toEqual([]);
    expect(segmenter.push(' would go. Yes').map((piece) => piece.text)).toEqual([' I would go.']);
  });

  test('floods of marks, blanks or combining characters are linear work', () => {
    for (const unit of ['。', '…', ' ', '—', '\u0301', '"', '.', '. ', '-', '…-']) {
      const segmenter = createSegmenter();
      for (let i = 0; i < 20_000; i += 1) segmenter.push(unit);
      const pieces = segmenter.end();
      expect(pieces.length).toBe(1);
    }
  });
});
