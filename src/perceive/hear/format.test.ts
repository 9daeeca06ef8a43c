import { describe, expect, it } from 'vitest';
import type { Transcript, Word } from '#contract/perception.ts';
import { formatTranscript } from './format.ts';
import { segmentFrom } from './segment.ts';

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
    expect(JSON.parse(formatTranscript(transcript, 'json'))).toEqual({ text: 'Fish & chips.' });
  });

  it('verbose_json has OpenAI’s fields, in seconds, with null for what is not known', () => {
    expect(JSON.parse(formatTranscript(transcript, 'verbose_json'))).toEqual({
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
    });
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
