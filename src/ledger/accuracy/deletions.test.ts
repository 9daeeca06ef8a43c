import { describe, expect, it } from 'vitest';
import type { SoundFinding, TimeSpan } from '#contract/finding.ts';
import type { Segment, Transcript, Word } from '#contract/perception.ts';
import { deletionsOf } from './deletions.ts';

const part = 'part-1';
const finding = (...speech: TimeSpan[]): SoundFinding => ({
  ...{ part, kind: 'sound', durationMs: 10_000, speech, speechRatio: 1, speechSource: 'vad', rmsDb: -20, peakDb: -3 },
  ...{ clippedRatio: 0, snrDb: null, invalidSamples: 0 },
});
const word = (text: string, startMs: number, endMs: number, timeSource: Word['timeSource'] = 'attention'): Word => ({
  ...{ text, startMs, endMs, confidence: null, confidenceSource: null, timeSource, tokens: [] },
});
const segment = (words: readonly Word[], more: Partial<Segment> = {}): Segment => ({
  ...{ startMs: words[0]?.startMs ?? 0, endMs: words.at(-1)?.endMs ?? 0, text: words.map(({ text }) => text).join('') },
  ...{ words: [...words], meanLogprob: null, compressionRatio: null, noSpeechProbability: null, ...more },
});
const heard = (...segments: Segment[]): Transcript => ({
  ...{
    part,
    kind: 'transcript',
    text: segments.map(({ text }) => text).join(''),
    language: 'zh',
    languageSource: null,
  },
  ...{ durationMs: 10_000, engine: 'ears', words: segments.flatMap(({ words }) => words), segments },
});
// A character every 200 ms.
const evenly = (text: string, timeSource?: Word['timeSource']) =>
  [...text].map((one, at) => word(one, at * 200, (at + 1) * 200, timeSource));
const missing = (transcript: Transcript, ...speech: TimeSpan[]) =>
  deletionsOf({ perceptions: [transcript], findings: [finding(...speech)] });
const text = '今天我们一起去公园走走';
const whole = { startMs: 0, endMs: 2_200 };

describe('what was said and is not in the text', () => {
  it('is nothing only where two readers say so: time does not show a single word', () => {
    const second = { second: { engine: 'other', text, agreement: 1 } };
    expect(missing(heard(segment(evenly(text), second)), whole)).toEqual({
      ...{ value: 0, source: 'voiced-time-and-pace+second-reader:other', reason: null },
    });
    expect(missing(heard(segment(evenly(text))), whole)).toMatchObject({
      value: null,
      reason: expect.stringMatching(/single word/),
    });
    expect(missing(heard())).toEqual({ value: 0, source: 'no-voice', reason: null });
  });

  it('is voice between words, at the pace of the others', () => {
    const hole = evenly(text).filter((_, at) => at < 3 || at > 6);
    expect(missing(heard(segment(hole)), whole).value).toBe(4);
    // The same where the next word was drawn over it.
    const drawn = hole.map((one) => (one.startMs === 1_400 ? { ...one, startMs: 600 } : one));
    expect(missing(heard(segment(drawn)), whole).value).toBe(4);
    // A silence there is no loss.
    expect(
      missing(heard(segment(hole)), { startMs: 0, endMs: 600 }, { startMs: 1_400, endMs: 2_200 }).value,
    ).toBeNull();
  });

  it('is voice after the last word, and before the first', () => {
    const words = evenly(text);
    expect(missing(heard(segment(words)), { startMs: 0, endMs: 3_200 }).value).toBe(5);
    expect(missing(heard(segment(words.slice(4))), whole).value).toBe(4);
    // A detector's margin is no word.
    expect(missing(heard(segment(words)), { startMs: 0, endMs: 2_700 }).value).toBeNull();
  });

  it('is not taken from what is long by itself: the end of a clause, a number', () => {
    const long = (one: string) =>
      evenly(text)
        .map((each, at) => (at === 3 ? { ...each, text: one, endMs: 1_600 } : each))
        .filter((_, at) => at < 4 || at > 7);
    expect(missing(heard(segment(long('们，'))), whole).value).toBeNull();
    expect(missing(heard(segment(long('7'))), whole).value).toBeNull();
    expect(missing(heard(segment(long('们'))), whole).value).toBe(4);
  });

  it('is measured over whole segments where times were only spread', () => {
    const parts = [0, 1, 2, 3, 4].map((n) => {
      const words = [...'走走看'].map((one, at) =>
        word(one, n * 600 + at * 200, n * 600 + (at + 1) * 200, 'interpolated'),
      );
      return segment(n === 2 ? words.slice(0, 1) : words, { startMs: n * 600, endMs: (n + 1) * 600 });
    });
    const longer = parts.map((one, n) =>
      n < 2 ? one : { ...one, startMs: one.startMs + (n > 2 ? 900 : 0), endMs: one.endMs + 900 },
    );
    expect(missing(heard(...longer), { startMs: 0, endMs: 3_900 }).value).toBe(6.5);
  });

  it('is what a second reader has besides, where that is more', () => {
    const second = { second: { engine: 'other', text: '今天上午我们一起去公园走一走吧', agreement: 0.8 } };
    expect(missing(heard(segment(evenly(text), second)), whole)).toEqual({
      ...{ value: 4, source: 'voiced-time-and-pace+second-reader:other', reason: null },
    });
  });

  it('is not known without voice, words enough, or a look at the sound', () => {
    expect(missing(heard(), whole)).toMatchObject({ value: null, reason: expect.stringMatching(/Too few words/) });

    expect(deletionsOf({ perceptions: [heard(segment(evenly(text)))], findings: [] }).value).toBeNull();
    expect(deletionsOf({ perceptions: [], findings: [] }).value).toBeNull();
  });
});
