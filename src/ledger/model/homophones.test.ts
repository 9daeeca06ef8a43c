import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DoubtfulSpan } from '#contract/ledger.ts';
import { type Perception, type Timeline, type Transcript, textGiven } from '#contract/perception.ts';
import { dictionaryFrom, englishSounds } from '#words/index.ts';
import { heardText } from './heard-text.ts';
import { homophoneLoss } from './homophones.ts';

const dictionary = await dictionaryFrom(`
公民 50
权利 300
权力 600
全力 100
享有 80
的 900
地 90
他们 300
她们 100
停顿 40
`);
const text = '她们😀享有全力。';

function transcript(more: Partial<Transcript> = {}): Transcript {
  const words = { words: [], segments: [], engine: 'fake', languageSource: null, durationMs: 1000 };
  return { part: 'media-1', kind: 'transcript', text, language: 'zh', ...words, ...more };
}

function span(start: number, end: number): DoubtfulSpan {
  const rest = { time: null, text: null, pSource: [], alternatives: [] };
  return { part: 'media-1', start, end, class: 'character', pError: 0.6, pErrorKind: 'calibrated', ...rest };
}

it('sums the bits its sounds leave open and lists what is seldom meant, with what it may be', () => {
  const loss = homophoneLoss([transcript()], [], dictionary);
  expect(loss.homophones.value).toBeCloseTo(Math.log2(1000 / 100) + Math.log2(400 / 100), 3);
  expect(loss.homophoneOverlap.value).toBe(0);
  expect(loss.unheardWords.value).toBe(1);
  expect(loss.spans).toHaveLength(1);
  expect(loss.spans[0]).toMatchObject({ part: 'media-1', start: 5, end: 7, text: '全力', class: 'homophone' });
  expect(loss.spans[0]?.alternatives).toEqual([
    { text: '权力', p: 0.6, by: 'same-sound:quán lì' },
    { text: '权利', p: 0.3, by: 'same-sound:quán lì' },
  ]);
});

it('does not count again what accuracy has counted', () => {
  const whole = homophoneLoss([transcript()], [], dictionary).homophones.value ?? Number.NaN;
  const less = homophoneLoss([transcript()], [span(6, 7), { ...span(0, 2), part: 'media-2' }], dictionary);
  expect(less.homophoneOverlap.value).toBeCloseTo(Math.log2(10), 3);
  expect(less.homophones.value).toBeCloseTo(whole - Math.log2(10), 3);
  expect(less.spans).toEqual([]);
});

it.each([
  ['nothing was heard', [{ part: 'media-1', kind: 'plain-text', text } as const], /heard/],
  ['it is another language', [transcript({ language: 'ja' })], /Mandarin/],
  ['it is Cantonese', [transcript({ language: 'zh-yue' })], /Mandarin/],
  ['nobody knows the language', [transcript({ language: null })], /Mandarin/],
])('measures nothing where %s', (_, perceptions: Perception[], reason) => {
  const { homophones, homophoneOverlap, spans } = homophoneLoss(perceptions, [], dictionary);
  for (const figure of [homophones, homophoneOverlap]) expect(figure).toMatchObject({ value: null, source: null });
  expect(homophones.reason).toMatch(reason);
  expect(spans).toEqual([]);
});

it('sums English too, and lists nothing of it: how often such a word is wrong was not measured', () => {
  const english = englishSounds([
    [
      ['their', 300],
      ['there', 100],
    ],
  ]);
  const heard = transcript({ text: 'there and their', language: 'en' });
  const loss = homophoneLoss([heard], [span(0, 1)], dictionary, english);
  expect(loss.homophones).toMatchObject({ value: 0.415, source: 'word-frequencies:english-words' });
  expect(loss.homophoneOverlap.value).toBe(2);
  expect(loss.spans).toEqual([]);
  expect(homophoneLoss([heard], [], dictionary).homophones.reason).toMatch(/models pull english-words/);
});

it('says what to install where the words are not here', () => {
  expect(homophoneLoss([transcript()], [], null).homophones.reason).toMatch(/models pull chinese-words/);
});

it('hears no marks and no glosses, and keeps every place', () => {
  const marks = [
    { at: 2, written: '[停顿0.8秒]', time: { startMs: 0, endMs: 1 }, cues: [] },
    { at: 8, written: '[全力]', time: { startMs: 0, endMs: 1 }, cues: [] },
  ];
  const enriched = { text: '她们[停顿0.8秒]😀享有全力。[全力]', marks, withheld: null };
  const edits = [
    { start: 11, end: 13, before: '享有', after: '享有（全力）', by: 'gloss' as const },
    { start: 13, end: 15, before: '全力', after: '权利', by: 'correction' as const },
  ];
  const mended = { text: '她们[停顿0.8秒]😀享有（全力）权利。[全力]', edits };
  const given = transcript({ enriched, mended });
  const blanks = (count: number) => ' '.repeat(count);
  expect(heardText(given)).toBe(`她们${blanks(8)}😀享有${blanks(4)}权利。${blanks(4)}`);
});

it('hears of a video what was said in it', () => {
  const said = transcript({ segments: [{ text: '享有全力' }] as unknown as Transcript['segments'] });
  const told = '[0:00] 画面：权力\n[0:01] 说：享有全力\n';
  const timeline = { part: 'media-1', kind: 'timeline', text: told, transcript: said } as unknown as Timeline;
  expect(heardText(timeline)?.trim()).toBe('享有全力');
  expect(homophoneLoss([timeline], [], dictionary).spans).toMatchObject([
    { start: told.indexOf('全力'), text: '全力' },
  ]);
});

it('points at its words whatever stands in a text', () => {
  const texts = fc.array(fc.constantFrom(...'公民享有全力权利他们她地的x。', '😀'), { maxLength: 40 });
  fc.assert(
    fc.property(texts, (characters) => {
      const heard = transcript({ text: characters.join('') });
      for (const { start, end, text } of homophoneLoss([heard], [], dictionary).spans)
        expect([...textGiven(heard)].slice(start, end).join('')).toBe(text);
    }),
  );
});
