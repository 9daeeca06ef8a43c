import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Perception, Picture, Segment, TextLine, Timeline, Transcript, Word } from '#contract/perception.ts';
import { dictionaryFrom } from '#words/index.ts';
import type { LedgerInput } from '../ledger.ts';
import { accuracyOf } from './accuracy.ts';
import { factoryProfiles } from './factory.ts';
import type { CalibrationProfile } from './profile.ts';
import { featuresOf, type Signal } from './signals.ts';

const part = 'part-1';
const dictionary = await dictionaryFrom('今天 900 t\n天气 800 n\n很 900 d\n好 900 a\n田 20 n\n期 30 n\n七 40 m');

/** The probability is 1 less the confidence; a difference between readers makes it 0.88. */
function profileOf(
  unit: CalibrationProfile['unit'],
  signals: Signal[],
  more: Partial<CalibrationProfile> = {},
): CalibrationProfile {
  const features = featuresOf(signals);
  const weights = features.map((name) =>
    name === 'confidence.confidence' ? -1 : name === 'second-reader.other-sound' ? 2 : 0,
  );
  const bias = signals.includes('second-reader') ? -3 : 0;
  const scales = features.map((name) => (name === 'second-reader.other-sound' ? 0.4 : 1));
  return {
    ...{ schema: 'calibration-profile/1', id: 'own', unit, engine: null, signals, features },
    model: { kind: 'logistic', bias, weights, means: features.map(() => 0), scales },
    ...{
      calibration: { slope: 1, offset: 0 },
      items: 100,
      errors: 20,
      groups: 4,
      auroc: 0.9,
      ap: 0.6,
      recallAtP60: 0.5,
    },
    ...{ ece: 0.01, spread: 0.2, clustering: 1.5, domain: 'a test', date: '2026-11-26', ...more },
  };
}

const word = (text: string, confidence: number | null, at: number): Word => ({
  ...{
    text,
    startMs: at * 100,
    endMs: at * 100 + 100,
    confidence,
    confidenceSource: 'ears',
    timeSource: 'attention',
    tokens: [],
  },
});
const segment = (words: Word[], text: string, second?: string): Segment => ({
  ...{ startMs: 0, endMs: 1_000, text, words, meanLogprob: null, compressionRatio: null, noSpeechProbability: null },
  ...(second === undefined ? {} : { second: { engine: 'other', text: second, agreement: 0.8 } }),
});
const heard = (segments: Segment[], language = 'en', more: Partial<Transcript> = {}): Transcript => ({
  ...{ part, kind: 'transcript', text: segments.map(({ text }) => text).join(' '), language, languageSource: null },
  ...{ durationMs: 1_000, engine: 'ears-1', words: segments.flatMap(({ words }) => words), segments, ...more },
});
const input = (...perceptions: LedgerInput['perceptions']): LedgerInput => ({
  ...{ requestId: 'r', createdAt: new Date(0), language: 'en', media: [], findings: [], plan: [], conversions: [] },
  ...{ perceptions, losses: [], mitigations: [] },
});
const spoken = (confidences: (number | null)[]) => confidences.map((one, at) => word(`w${at}`, one, at));
const said = (confidences: (number | null)[], offset = 0) =>
  segment(
    confidences.map((one, at) => word(`w${at + offset}`, one, at)),
    confidences.map((_, at) => `w${at + offset}`).join(' '),
  );

describe('loss 1', () => {
  const own = profileOf('word', ['confidence']);

  it('lists what a profile finds probably wrong, and adds all of it up', () => {
    const found = accuracyOf(input(heard([said([0.9, 0.4, 0.95, 0.9])])), { dictionary: null, profile: own });
    expect(found.spans).toEqual([
      expect.objectContaining({ start: 3, end: 5, text: 'w1', pError: 0.6, pErrorKind: 'calibrated', class: 'word' }),
    ]);
    expect(found.spans[0]).toMatchObject({
      time: { startMs: 100, endMs: 200 },
      pSource: ['confidence', 'profile:own'],
    });
    const { value, low, high, source } = found.loss.errorRate;
    expect([value, source]).toEqual([0.2125, 'calibration:own']);
    expect(low).toBeLessThan(0.2125);
    expect(high).toBeGreaterThan(0.2125);
    expect(found.calibration).toMatchObject({ profile: 'own', items: 100, errors: 20, auroc: 0.9, reason: null });
  });

  it('lets the recogniser speak for itself, and calls it raw, where no profile is for it', () => {
    const other = { ...own, engine: 'whisper' };
    const found = accuracyOf(input(heard([said([0.9, 0.4])])), { dictionary: null, profile: other });
    expect(found.spans).toMatchObject([{ text: 'w1', pError: 0.6, pErrorKind: 'raw' }]);
    expect(found.loss.errorRate).toMatchObject({ value: null, reason: expect.any(String) });
    expect(found.calibration).toMatchObject({ profile: 'none', reason: expect.stringMatching(/not calibrated/) });
  });

  it('knows nothing where nothing was measured: null, never 0', () => {
    const { loss, spans } = accuracyOf(input(heard([said([null, null])])), { dictionary: null, profile: own });
    expect(loss.errorRate).toMatchObject({ value: null, low: null, high: null });
    expect(loss.readers.value).toBeNull();
    expect(spans).toEqual([]);
    expect(accuracyOf(input(), { dictionary: null }).loss.errorRate.value).toBeNull();
  });

  it('counts what was read beside what was heard as unknown: no profile is for it', () => {
    const line: TextLine = {
      ...{ text: 'ab cd', start: 0, box: [], direction: 'horizontal', heightPx: 20, characters: [], confidence: null },
      ...{ confidenceSource: null, unwritable: false },
    };
    const picture: Picture = {
      ...{ part: 'part-2', kind: 'picture', text: 'ab cd', widthPx: 9, heightPx: 9, frames: 1, lines: [line] },
      ...{ description: null, engine: 'eyes' },
    };
    const rate = (...all: Perception[]) => accuracyOf(input(...all), { dictionary: null, profile: own }).loss.errorRate;
    expect(rate(picture)).toMatchObject({ value: null, reason: expect.any(String) });
    const [alone, both] = [rate(heard([said([0.9, 0.9])])), rate(heard([said([0.9, 0.9])]), picture)];
    expect(both.value).toBe(alone.value);
    expect(both.high).toBeGreaterThan(alone.high ?? 1);
  });

  it('gives what the second reader has, and what sounds the same, as alternatives', () => {
    const two = profileOf('han', ['second-reader']);
    const text = heard([segment([], '今田天期很好', '今天天气很好')], 'zh');
    const { spans } = accuracyOf(input(text), { dictionary, profile: two });
    expect(spans).toMatchObject([
      { start: 1, end: 2, text: '田', alternatives: [{ text: '天', by: 'second-reader:other' }] },
      {
        ...{ start: 3, end: 4, text: '期' },
        alternatives: [
          { text: '气', by: 'second-reader:other' },
          { text: '七', by: 'same-sound' },
        ],
      },
    ]);
    const known = accuracyOf(input(heard([segment([], '七天天气很好', '今天天气很好')], 'zh')), {
      dictionary,
      profile: two,
    });
    expect(known.spans).toMatchObject([{ start: 0, end: 1 }]);
  });

  it('places what it finds in the text that the model is given: after marks, and inside of a video', () => {
    const plain = heard([said([0.9, 0.4])]);
    const mark = { at: 3, written: '[pause]', time: { startMs: 0, endMs: 1 }, cues: [] };
    const enriched = { text: 'w0 [pause]w1', marks: [mark], withheld: null };
    const marked = accuracyOf(input({ ...plain, enriched }), { dictionary: null, profile: own });
    expect(marked.spans).toMatchObject([{ start: 10, end: 12, text: 'w1' }]);
    const video: Timeline = {
      ...{ part, kind: 'timeline', text: '😀 0:01 said: w0 w1', durationMs: 1_000, moments: [], framesSeen: 1 },
      ...{ framesTotal: null, longestGapMs: null, cutsMissed: null, transcript: plain, engine: 'eyes' },
    };
    expect(accuracyOf(input(video), { dictionary: null, profile: own }).spans).toMatchObject([{ start: 16, end: 18 }]);
  });

  it('takes the profile for fewer signals where one is missing, and it says that it finds less', () => {
    const profiles = factoryProfiles();
    for (const rich of profiles)
      for (const poor of profiles) {
        const isLess =
          poor.signals.length < rich.signals.length && poor.signals.every((one) => rich.signals.includes(one));
        if (poor.unit !== rich.unit || poor.domain !== rich.domain || !isLess) continue;
        expect(poor.auroc).toBeLessThan(rich.auroc);
        expect(poor.recallAtP60).toBeLessThan(rich.recallAtP60);
      }
    const chinese = (second?: string) => input(heard([segment([], '今天天气很好', second)], 'zh'));
    const both = accuracyOf(chinese('今天天气很好'), { dictionary }).calibration;
    const one = accuracyOf(chinese(), { dictionary }).calibration;
    expect([both.profile, one.profile]).toEqual(['zh-two-readers', 'zh-dictionary']);
    expect(one.auroc).toBeLessThan(both.auroc ?? 0);
    expect(one.reason).toMatch(/AISHELL-1/);
  });

  it('never looks better where a stretch loses its signals: the interval gets wider on both sides, and less than half is null', () => {
    const confidences = fc.array(fc.double({ min: 0.01, max: 0.99, noNaN: true }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(confidences, { minLength: 1, maxLength: 4 }), fc.nat(3), (stretches, which) => {
        const segments = stretches.map((some, at) => said(some, at * 20));
        const lost = segments.map((one, at) =>
          at === which ? { ...one, words: one.words.map((each) => ({ ...each, confidence: null })) } : one,
        );
        const rate = (all: Segment[]) =>
          accuracyOf(input(heard(all)), { dictionary: null, profile: own }).loss.errorRate;
        const [before, after] = [rate(segments), rate(lost)];
        expect(before.value).toBeGreaterThan(0);
        expect(after.high ?? 1).toBeGreaterThanOrEqual(before.high ?? 1);
        expect(after.low ?? 0).toBeLessThanOrEqual(before.low ?? 0);
      }),
    );
  });

  it('does not fall over strange text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (text, second) => {
        const found = accuracyOf(input(heard([segment(spoken([0.5]), text, second)], 'zh')), {
          dictionary,
          profile: own,
        });
        const length = [...text].length;
        for (const { start, end } of found.spans) expect(start < end && end <= length).toBe(true);
      }),
    );
  });
});
