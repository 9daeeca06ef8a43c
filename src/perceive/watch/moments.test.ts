import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Moment } from '#contract/perception.ts';
import { segment, transcriptOf } from './__fixtures__/fakes.ts';
import { heardMoments, inOrder, shownMoments } from './moments.ts';
import { timelineText } from './text.ts';
import { chaptersIn, subtitlesIn } from './tracks.ts';

describe('what is heard', () => {
  it('comes with the marks of how it was said, each in its own segment', () => {
    const plain = transcriptOf(9_000, [segment(0, 900, '好吧'), segment(1_000, 2_000, '我们走')]);
    const mark = (at: number, written: string) => ({ at, written, time: { startMs: 0, endMs: 0 }, cues: [] });
    const marks = [mark(2, '[停顿0.8秒]'), mark(4, '[升]'), mark(6, '[笑]')];
    const moments = heardMoments({ ...plain, enriched: { text: '', marks, withheld: null } });
    expect(moments.map(({ text }) => text)).toEqual(['好吧[停顿0.8秒]', '我[升]们走[笑]']);
  });

  it('is confident as its words are, or nobody knows; the same sound goes on', () => {
    const music = {
      events: [
        { label: 'music', probability: null, source: 'ear' },
        { label: 'Speech', probability: 1, source: 'ear' },
      ],
    };
    const unknown = segment(0, 1_000, 'a').words.map((word) => ({ ...word, confidence: null }));
    const moments = heardMoments(
      transcriptOf(9_000, [segment(0, 1_000, 'a', { words: unknown, ...music }), segment(2_000, 3_000, 'b', music)]),
    );
    expect(moments).toMatchObject([
      { what: 'said', confidence: null },
      { what: 'said', confidence: 0.9 },
      { what: 'event', text: 'music', startMs: 0, endMs: 3_000 },
    ]);
  });
});

it('descriptions that follow each other and say the same are one', () => {
  const shown = (startMs: number, text: string) => ({ startMs, endMs: startMs + 1_000, text, source: 'eye' });
  const man = 'A man in a blue shirt sits at a table.';
  const moments = shownMoments([shown(0, man), shown(1_000, `${man.slice(0, -1)}`), shown(2_000, 'A dog.')]);
  expect(moments.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
    [0, 2_000],
    [2_000, 3_000],
  ]);
});

it('what was told word for word is referred to', () => {
  const shown = (startMs: number, text: string): Moment => ({
    startMs,
    endMs: startMs,
    what: 'shown',
    text,
    confidence: null,
    source: 'eye',
  });
  const long = '一个穿蓝色衬衫的男人坐在桌子前面，对着镜头说话。';
  expect(timelineText([shown(0, long), shown(60_000, '一条狗'), shown(3_661_000, long)], 'zh')).toBe(
    `[00:00] 画面：${long}\n[01:00] 画面：一条狗\n[1:01:01] 画面：同 [00:00]`,
  );
});

it('every moment is told, in order and in the language asked for', () => {
  const what = fc.constantFrom('shown', 'written', 'said', 'event');
  const moment = fc.record({
    startMs: fc.nat(9_000),
    endMs: fc.nat(12_000),
    what,
    text: fc.stringMatching(/^[a-z]{3,9}$/),
  });
  fc.assert(
    fc.property(fc.array(moment, { maxLength: 20 }), fc.constantFrom('en', 'zh'), (some, language) => {
      const moments = inOrder(
        some.map((one) => ({ ...one, confidence: null, source: 'x' })),
        10_000,
      );
      const text = timelineText(moments, language);
      const clocks = text === '' ? [] : text.split('\n').map((line) => line.slice(0, 7));
      expect(clocks).toEqual([...new Set(clocks)].sort());
      for (const one of some) expect(text).toContain(one.text);
      for (const { startMs, endMs } of moments) expect(startMs <= endMs && endMs <= 10_000).toBe(true);
    }),
    { seed: 6 },
  );
});

describe('hostile text tracks', () => {
  it('are read as far as they make sense', () => {
    expect(
      subtitlesIn('junk\n\n1\n00:00:05,000 --> 00:00:01,000\n<b>a</b> < b {c}\n\n2\n00:00:xx --> no\nx\n'),
    ).toMatchObject([{ startMs: 5_000, endMs: 5_000, text: 'a < b {c}' }]);
    const chapter =
      '[CHAPTER]\nTIMEBASE=1/0\nSTART=1\nEND=2\ntitle=x\n[CHAPTER]\nTIMEBASE=1/10\nSTART=20\nEND=30\ntitle=a\\=b\n';
    expect(chaptersIn(chapter)).toMatchObject([{ startMs: 2_000, endMs: 3_000, text: 'a=b' }]);
  });

  it('never crash', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom(
            '1',
            ':',
            ',',
            '\n',
            ' --> ',
            '00:00:01,000',
            '<',
            '>',
            '{\\',
            '}',
            '[CHAPTER]\n',
            'START=',
            '\\',
          ),
        }),
        (text) => {
          for (const { startMs, endMs } of [...subtitlesIn(text), ...chaptersIn(text)])
            expect(startMs <= endMs).toBe(true);
        },
      ),
      { seed: 6, numRuns: 1_000 },
    );
  });
});
