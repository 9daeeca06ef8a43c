import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Segment, Word } from '#contract/perception.ts';
import { segmentFrom } from './segment.ts';
import { type SpeakerTurn, withSpeakers } from './speakers.ts';

function word(text: string, startMs: number, endMs: number): Word {
  return { text, startMs, endMs, confidence: null, confidenceSource: null, timeSource: 'model', tokens: [] };
}
const turn = (speaker: string, startMs: number, endMs: number): SpeakerTurn => ({ speaker, startMs, endMs });
const said = (segments: readonly Segment[]) => segments.map(({ speaker, text }) => [speaker, text]);

const TALK = segmentFrom([
  word('yes', 0, 400),
  word('no', 400, 800),
  word('maybe', 1_000, 1_600),
  word('so', 1_600, 2_000),
]);

describe('withSpeakers', () => {
  it('cuts a segment between words where the speaker changes', () => {
    const segments = withSpeakers([TALK], [turn('1', 0, 900), turn('2', 900, 2_000)]);
    expect(said(segments)).toEqual([
      ['1', 'yes no'],
      ['2', 'maybe so'],
    ]);
    expect(segments[1]).toMatchObject({ startMs: 1_000, endMs: 2_000 });
    expect(segments[1]?.compressionRatio).not.toBe(TALK.compressionRatio);
  });

  it('gives a word that two cover to whoever covers more of it, and of two alike to who spoke before', () => {
    expect(said(withSpeakers([TALK], [turn('1', 0, 1_200), turn('2', 700, 2_000)]))).toEqual([
      ['1', 'yes no'],
      ['2', 'maybe so'],
    ]);
    expect(said(withSpeakers([TALK], [turn('1', 0, 2_000), turn('2', 350, 2_000)]))).toEqual([
      ['1', 'yes no maybe so'],
    ]);
    // Two turns of one speaker count together.
    const split = [turn('2', 1_000, 1_250), turn('1', 1_200, 1_500), turn('2', 1_450, 1_600)];
    expect(said(withSpeakers([segmentFrom([word('maybe', 1_000, 1_600)])], split))).toEqual([['2', 'maybe']]);
  });

  it('gives a word beside a turn to the nearest, and one far from all to nobody', () => {
    const segments = withSpeakers([TALK], [turn('1', 2_300, 3_000)]);
    expect(said(segments)).toEqual([
      [undefined, 'yes no maybe'],
      ['1', 'so'],
    ]);
  });

  it('lets all parts keep the language, the longest the feeling and the sounds, and none the second reading', () => {
    const labelled: Segment = {
      ...TALK,
      language: 'en',
      languageProbability: null,
      noSpeechProbability: 0.25,
      emotion: { label: 'happy', probability: null, source: 'x' },
      events: [{ label: 'laughter', probability: null, source: 'x' }],
      second: { engine: 'y', text: 'yes no', agreement: 0.5 },
    };
    const [short, long] = withSpeakers([labelled], [turn('1', 0, 900), turn('2', 900, 2_000)]);
    expect(short).toMatchObject({ language: 'en', languageProbability: null, noSpeechProbability: 0.25 });
    expect(short?.emotion ?? short?.events ?? short?.second).toBeUndefined();
    expect(long).toMatchObject({ language: 'en', emotion: labelled.emotion, events: labelled.events });
    expect(long?.second).toBeUndefined();
    // Not cut, it keeps everything.
    expect(withSpeakers([labelled], [turn('1', 0, 2_000)])).toEqual([{ ...labelled, speaker: '1' }]);
  });

  it('gives a segment without words the speaker of its time', () => {
    const silent: Segment = { ...TALK, words: [] };
    expect(withSpeakers([silent], [turn('1', 0, 300), turn('2', 300, 2_000)])).toEqual([{ ...silent, speaker: '2' }]);
    expect(withSpeakers([TALK], [])).toEqual([TALK]);
  });

  it('keeps every word in order and time, and cuts only where the speaker changes', () => {
    const span = fc
      .tuple(fc.nat(5_000), fc.nat(1_500))
      .map(([startMs, length]) => ({ startMs, endMs: startMs + length }));
    const turns = fc.array(
      fc.tuple(span, fc.constantFrom('1', '2', '3')).map(([time, speaker]) => ({ ...time, speaker })),
      { maxLength: 8 },
    );
    const talk = fc
      .array(fc.array(fc.tuple(fc.nat(400), fc.nat(300)), { minLength: 1, maxLength: 6 }), { maxLength: 5 })
      .map((groups) => {
        let at = 0;
        return groups.map((group) =>
          segmentFrom(
            group.map(([length, gap], index) => {
              const startMs = at;
              at += length + gap;
              return word(`w${index}`, startMs, startMs + length);
            }),
          ),
        );
      });
    fc.assert(
      fc.property(talk, turns, (segments, told) => {
        const spoken = withSpeakers(segments, told);
        const words = (list: readonly Segment[]) => list.flatMap((one) => one.words);
        expect(words(spoken)).toEqual(words(segments));
        const edges = new Set(segments.map((one) => one.endMs));
        for (const [at, one] of spoken.entries()) {
          expect(one).toMatchObject(segmentFrom(one.words));
          const next = spoken[at + 1];
          if (next && !edges.has(one.endMs)) expect(next.speaker).not.toBe(one.speaker);
          for (const { startMs, endMs } of one.words) {
            const shared = (speaker: string) =>
              told
                .filter((turn) => turn.speaker === speaker)
                .reduce(
                  (sum, turn) => sum + Math.max(0, Math.min(endMs, turn.endMs) - Math.max(startMs, turn.startMs)),
                  0,
                );
            const most = Math.max(...['1', '2', '3'].map(shared));
            if (most > 0) expect(shared(one.speaker ?? '')).toBe(most);
            else {
              const away = told.map((turn) => Math.max(turn.startMs - endMs, startMs - turn.endMs));
              expect(one.speaker === undefined).toBe(!away.some((ms) => ms < 500));
            }
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
