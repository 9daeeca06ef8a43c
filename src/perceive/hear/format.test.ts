import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Transcript, Word } from '#contract/perception.ts';
import { formatTranscript, logprobsOf, transcriptAnswer } from './format.ts';
import { segmentFrom, segmentOf } from './segment.ts';

const word = (text: string, startMs: number, endMs: number): Word => ({
  text,
  startMs,
  endMs,
  confidence: 0.9,
  confidenceSource: 'test',
  timeSource: 'attention',
  tokens: [{ id: 7, text: ` ${text}`, logprob: -0.1 }],
});

const words = [word('Fish', 1_250, 1_500), word('&', 1_500, 1_600), word('chips.', 1_600, 2_004)];
const transcript: Transcript = {
  part: 'part-1',
  kind: 'transcript',
  text: 'Fish & chips.',
  language: 'en',
  languageSource: 'declared',
  durationMs: 3_661_004,
  engine: 'test',
  words,
  segments: [segmentFrom(words)],
};

describe('formatTranscript', () => {
  it('text and json hold the text alone', () => {
    expect(formatTranscript(transcript, 'text')).toBe('Fish & chips.\n');
    expect(JSON.parse(formatTranscript(transcript, 'json'))).toEqual({
      text: 'Fish & chips.',
      usage: { type: 'duration', seconds: 3661.004 },
    });
  });

  it('verbose_json has OpenAI’s fields, in seconds, with null for what is not known', () => {
    expect(JSON.parse(formatTranscript(transcript, 'verbose_json', { words: true }))).toEqual({
      task: 'transcribe',
      language: 'english',
      duration: 3661.004,
      text: 'Fish & chips.',
      words: [
        { word: 'Fish', start: 1.25, end: 1.5 },
        { word: '&', start: 1.5, end: 1.6 },
        { word: 'chips.', start: 1.6, end: 2.004 },
      ],
      segments: [
        {
          id: 0,
          seek: null,
          start: 1.25,
          end: 2.004,
          text: 'Fish & chips.',
          tokens: [7, 7, 7],
          temperature: null,
          avg_logprob: expect.closeTo(-0.1),
          compression_ratio: expect.any(Number),
          no_speech_prob: null,
        },
      ],
      usage: { type: 'duration', seconds: 3661.004 },
    });
  });

  it('verbose_json holds the times that were asked for: of segments, if nothing is said', () => {
    const fields = (options: object) => Object.keys(transcriptAnswer(transcript, 'verbose_json', options));
    expect(fields({})).toEqual(['task', 'language', 'duration', 'text', 'segments', 'usage']);
    expect(fields({ words: true, segments: false })).toEqual([
      'task',
      'language',
      'duration',
      'text',
      'words',
      'usage',
    ]);
    expect(transcriptAnswer(transcript, 'verbose_json', { task: 'translate' })).toMatchObject({ task: 'translate' });
  });

  it('gives log-probabilities with json, as they were measured', () => {
    expect(transcriptAnswer(transcript, 'json', { logprobs: true })).toEqual({
      text: 'Fish & chips.',
      logprobs: ['Fish', '&', 'chips.'].map((text) => ({
        token: ` ${text}`,
        logprob: -0.1,
        bytes: [...Buffer.from(` ${text}`)],
      })),
      usage: { type: 'duration', seconds: 3661.004 },
    });
  });

  it('refuses log-probabilities that nobody measured, and formats without a place for them', () => {
    const unmeasured = words.map((one) => ({ ...one, tokens: [{ id: 7, text: 'x', logprob: null }] }));
    const untold = words.map((one) => ({ ...one, tokens: [] }));
    for (const list of [unmeasured, untold]) {
      expect(() => transcriptAnswer({ ...transcript, words: list }, 'json', { logprobs: true })).toThrow(
        expect.objectContaining({ code: 'hear.unsupported-option' }),
      );
    }
    for (const format of ['text', 'verbose_json', 'srt', 'vtt'] as const) {
      expect(() => formatTranscript(transcript, format, { logprobs: true })).toThrow(
        expect.objectContaining({ code: 'hear.unsupported-option' }),
      );
    }
  });

  it('srt counts its cues and writes a comma in its times', () => {
    expect(formatTranscript(transcript, 'srt')).toBe('1\n00:00:01,250 --> 00:00:02,004\nFish & chips.\n\n');
  });

  it('vtt has its heading and escapes markup', () => {
    expect(formatTranscript(transcript, 'vtt')).toBe('WEBVTT\n\n00:00:01.250 --> 00:00:02.004\nFish &amp; chips.\n\n');
  });

  it('breaks long text into cues that fit, in any script', () => {
    for (const text of ['word', '字']) {
      const many = Array.from({ length: 60 }, (_, at) => word(text, at * 100, at * 100 + 90));
      const long = { ...transcript, words: many, segments: [segmentFrom(many)] };
      const cues = formatTranscript(long, 'srt').trim().split('\n\n');
      expect(cues.length).toBeGreaterThan(1);
      const shown = cues.map((cue) => cue.split('\n')[2] ?? '');
      for (const line of shown) expect(line.length * (text === '字' ? 2 : 1)).toBeLessThanOrEqual(84);
      expect(shown.join(text === '字' ? '' : ' ')).toBe(segmentFrom(many).text);
    }
  });

  it('nothing heard is nothing to show', () => {
    const silent = { ...transcript, text: '', words: [], segments: [] };
    expect(formatTranscript(silent, 'srt')).toBe('');
    expect(formatTranscript(silent, 'vtt')).toBe('WEBVTT\n\n');
  });
});

describe('logprobsOf', () => {
  it('spells the text with its tokens’ bytes, wherever they are cut (property)', () => {
    const cutText = fc
      .array(fc.string({ unit: fc.constantFrom('a', 'é', '🐟', '好', ','), minLength: 1, maxLength: 5 }), {
        minLength: 1,
        maxLength: 5,
      })
      .chain((list) => {
        const bytes = Buffer.from(` ${list.join(' ')}`);
        return fc.tuple(fc.constant(bytes), fc.uniqueArray(fc.integer({ min: 1, max: bytes.length - 1 })));
      });
    fc.assert(
      fc.property(cutText, ([bytes, cuts]) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const tokens = edges.slice(1).map((to, id) => ({ id, bytes: bytes.subarray(edges[id], to), logprob: -id }));
        const segment = segmentOf({
          tokens,
          speech: [{ startMs: 0, endMs: 9 }],
          times: null,
          confidenceSource: 'test',
        });
        const spelled = logprobsOf(segment?.words ?? []);
        expect(Buffer.from(spelled.flatMap((token) => token.bytes))).toEqual(bytes);
        expect(spelled.map((token) => token.logprob)).toEqual(tokens.map((token) => token.logprob));
      }),
    );
  });
});
