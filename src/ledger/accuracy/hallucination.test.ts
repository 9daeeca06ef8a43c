import { describe, expect, it } from 'vitest';
import type { SoundFinding } from '#contract/finding.ts';
import { type Loss, lossOf } from '#contract/loss.ts';
import type { Segment, Transcript } from '#contract/perception.ts';
import { hallucinationOf } from './hallucination.ts';
import { isKnownPhrase } from './known-phrases.ts';

const part = 'part-1';
const finding: SoundFinding = {
  ...{ part, kind: 'sound', durationMs: 10_000, speech: [{ startMs: 0, endMs: 3_000 }], speechRatio: 0.3 },
  ...{ speechSource: 'vad', rmsDb: -20, peakDb: -3, clippedRatio: 0, snrDb: null, invalidSamples: 0 },
};
const segment = (text: string, more: Partial<Segment> = {}): Segment => ({
  ...{ startMs: 0, endMs: 3_000, text, words: [] },
  ...{ meanLogprob: null, compressionRatio: 1, noSpeechProbability: null, ...more },
});
const signs = (one: Segment, losses: readonly Loss[] = []) => {
  const transcript: Transcript = {
    ...{ part, kind: 'transcript', text: one.text, language: 'zh', languageSource: null, durationMs: 10_000 },
    ...{ engine: 'ears', words: [], segments: [one] },
  };
  return hallucinationOf({ perceptions: [transcript], findings: [finding], losses });
};

describe('text that was never said', () => {
  it('shows by its signs, each named once', () => {
    expect(signs(segment('我们走吧')).signals).toEqual([]);
    expect(signs(segment('好', { startMs: 5_000, endMs: 6_000 })).signals).toEqual(['text-over-non-speech']);
    expect(signs(segment('哈哈', { compressionRatio: 2.4 })).signals).toEqual(['compression']);
    expect(signs(segment('字幕由 Amara.org 社区提供')).signals).toEqual(['known-phrase']);
    expect(signs(segment('字'.repeat(37))).signals).toEqual(['too-fast']);
    expect(signs(segment('a'.repeat(108))).signals).toEqual([]);
    expect(signs(segment('好', { second: { engine: 'other', text: '别去', agreement: 0 } })).signals).toEqual([
      'readers-disagree',
    ]);
  });

  it('shows by what a guard said, where the text was kept', () => {
    const fired = (kind: Loss['kind'], startMs: number) =>
      lossOf({ kind, stage: 'perceive', part, message: 'fired', time: { startMs, endMs: startMs + 1_000 } });
    expect(signs(segment('走走走'), [fired('repetition', 0), fired('improbable-text', 500)]).signals).toEqual([
      'repetition',
      'improbable-text',
    ]);
    expect(signs(segment('走走走'), [fired('repetition', 5_000), fired('doubtful-word', 0)]).signals).toEqual([]);
  });

  it('has no probability that anybody measured, but where there is no text at all', () => {
    expect(signs(segment('字幕由')).probability).toMatchObject({
      value: null,
      reason: expect.stringMatching(/^1 sign of it;/),
    });
    expect(signs(segment('走吧')).probability).toMatchObject({
      value: null,
      reason: expect.stringMatching(/^No sign/),
    });
    expect(signs(segment(' ')).probability).toEqual({ value: 0, source: 'no-text', reason: null });
    expect(hallucinationOf({ perceptions: [], findings: [], losses: [] }).probability.value).toBeNull();
  });

  it('is known by heart in part', () => {
    for (const text of [
      'Thanks for watching!',
      'you',
      'Subtitles by the Amara.org community',
      '请不吝点赞 订阅 转发',
      '謝謝觀看。',
    ])
      expect([text, isKnownPhrase(text)]).toEqual([text, true]);
    for (const text of ['Thank you.', 'You are right.', '谢谢大家', '我们看了字幕', `字幕由${'啊'.repeat(80)}`])
      expect([text, isKnownPhrase(text)]).toEqual([text, false]);
  });
});
