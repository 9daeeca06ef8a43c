import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Segment } from '#contract/perception.ts';
import { soundOf } from '../__fixtures__/sound.ts';
import { findingOf, transcriptOf, word } from './__fixtures__/transcripts.ts';
import { voice } from './__fixtures__/voices.ts';
import { looksMarked, plainTextOf, withMarks, withoutMarks } from './grammar.ts';
import { marksFor } from './marks.ts';
import { framesOf } from './prosody/frames.ts';

const samples = voice(
  [120, 130, 220, 125, 118, 240].flatMap((hz, at) => [
    { ms: 500, hz: [hz, at % 2 ? hz * 1.6 : hz * 0.7] as const, loudness: at === 2 ? 0.5 : 0.1 },
    { ms: 200 + at * 150 },
  ]),
);
const finding = findingOf(samples.length / 16);
const frames = await framesOf(soundOf(samples), finding);

// Pieces that are hard: brackets, our own grammar whole and in parts, halves of surrogate pairs, what joins onto a character.
const PIECES = [
  ...[
    '好',
    '吧',
    '，',
    '。',
    '？',
    'fine',
    "don't",
    ' ',
    '.',
    '?',
    '[',
    ']',
    '[[',
    '停顿0.8秒',
    '[停顿0.8秒',
    '音高降]',
    '·',
    '[Music]',
  ],
  ...[
    '[laughter]',
    '[pause 0.8 s',
    ' · ',
    'falling pitch]',
    '[speaker',
    '😀',
    '\ud83d',
    '\ude00',
    'e\u0301',
    '\u0301',
    '👩\u200d🚀',
    '\n',
    '1.5',
    '',
  ],
];
const piece = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...PIECES) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) },
);
const someText = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
const time = fc.integer({ min: 0, max: 8_000 });
const someWord = fc
  .tuple(someText, time, time, fc.constantFrom('attention', 'interpolated'))
  .map(([text, startMs, lengthMs, source]) => word(text, startMs, startMs + lengthMs, source as 'attention'));
const label = (labels: readonly string[]) =>
  fc.record({
    label: fc.constantFrom(...labels),
    probability: fc.constantFrom(null, 0.5, 0.9),
    source: fc.constant('made'),
  });
const someSegment: fc.Arbitrary<Segment> = fc
  .record(
    {
      text: someText,
      words: fc.array(someWord, { maxLength: 6 }),
      startMs: time,
      endMs: time,
      language: fc.constantFrom('zh', 'en', 'de'),
      speaker: fc.constantFrom('1', '2', '[3]', ''),
      emotion: label(['happy', 'angry', 'neutral', 'nobody knows']),
      events: fc.array(label(['laughter', 'applause', '[music]']), { maxLength: 2 }),
    },
    { requiredKeys: ['text', 'words', 'startMs', 'endMs'] },
  )
  // Most words of a segment are in its text; some are not.
  .map((given) => ({
    meanLogprob: null,
    compressionRatio: null,
    noSpeechProbability: null,
    ...given,
    text: given.words.map((one) => one.text).join('') + given.text,
  }));

describe('marks come out again', () => {
  it('byte for byte by their places, whatever the text, words and segments', () => {
    let marked = 0;
    fc.assert(
      fc.property(fc.array(someSegment, { maxLength: 5 }), fc.constantFrom('zh', 'en', null), (segments, language) => {
        const transcript = transcriptOf(segments, language);
        const enriched = marksFor(transcript, frames, finding);
        marked += enriched.marks.length;
        expect(plainTextOf(enriched)).toBe(transcript.text);
        if (!looksMarked(transcript.text)) expect(withoutMarks(enriched.text)).toBe(transcript.text);
        else expect(enriched.marks).toEqual([]);
        expect(enriched.marks.map(({ at }) => at)).toEqual(enriched.marks.map(({ at }) => at).sort((a, b) => a - b));
      }),
      { numRuns: 2_000 },
    );
    expect(marked).toBeGreaterThan(1_000);
  });

  it('wherever they stand in an arbitrary text', () => {
    const written = fc.constantFrom(
      '[停顿0.8秒·音高降]',
      ' [pause 0.8 s · falling pitch]',
      '[说话人2]',
      '[speaker 12] ',
      ' [maybe angry]',
      '[听到笑声]',
    );
    const places = fc.array(fc.tuple(fc.nat({ max: 40 }), written), { maxLength: 6 });
    fc.assert(
      fc.property(someText, places, (text, wanted) => {
        fc.pre(!looksMarked(text));
        const marks = wanted
          .map(([at, mark]) => ({
            at: Math.min(at, [...text].length),
            written: mark,
            time: { startMs: 0, endMs: 0 },
            cues: [],
          }))
          .sort((a, b) => a.at - b.at);
        const enriched = { text: withMarks(text, marks), marks, withheld: null };
        expect(plainTextOf(enriched)).toBe(text);
        expect(withoutMarks(enriched.text)).toBe(text);
      }),
      { numRuns: 3_000 },
    );
  });

  it('leaves brackets that are not ours', () => {
    for (const text of [
      '[Music]',
      '[laughter] yes',
      '[笑声]好',
      '[停顿]',
      '[pause]',
      'a [pause 0.8 s · whatever]',
      '[speaker two] ',
    ]) {
      expect(looksMarked(text)).toBe(false);
      expect(withoutMarks(text)).toBe(text);
    }
  });

  it('refuses marks of another text', () => {
    const mark = { at: 2, written: '[音高降]', time: { startMs: 0, endMs: 0 }, cues: [] };
    expect(() => plainTextOf({ text: '好吧', marks: [mark], withheld: null })).toThrow(RangeError);
  });
});
