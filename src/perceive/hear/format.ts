import type { Transcript } from '#contract/perception.ts';
import { cuesOf } from './cues.ts';

/** The forms OpenAI's transcription API gives a transcript. */
export const TRANSCRIPT_FORMATS = ['text', 'json', 'verbose_json', 'srt', 'vtt'] as const;
export type TranscriptFormat = (typeof TRANSCRIPT_FORMATS)[number];

/**
 * Writes a transcript in the shape of OpenAI's transcription API, ending in a new line. Times are in seconds there. What is
 * not known is `null`: the fields that only Whisper's decoder has (`seek`, `temperature`) always are.
 */
export function formatTranscript(transcript: Transcript, format: TranscriptFormat): string {
  switch (format) {
    case 'text':
      return `${transcript.text}\n`;
    case 'json':
      return `${JSON.stringify({ text: transcript.text })}\n`;
    case 'verbose_json':
      return `${JSON.stringify(verbose(transcript))}\n`;
    case 'srt':
      return cuesOf(transcript)
        .map((cue, at) => `${at + 1}\n${clock(cue.startMs, ',')} --> ${clock(cue.endMs, ',')}\n${cue.text}\n\n`)
        .join('');
    case 'vtt':
      return `WEBVTT\n\n${cuesOf(transcript)
        .map((cue) => `${clock(cue.startMs, '.')} --> ${clock(cue.endMs, '.')}\n${escaped(cue.text)}\n\n`)
        .join('')}`;
  }
}

function verbose(transcript: Transcript): object {
  return {
    task: 'transcribe',
    language: transcript.language === null ? null : englishName(transcript.language),
    duration: seconds(transcript.durationMs),
    text: transcript.text,
    words: transcript.words.map((word) => ({
      word: word.text,
      start: seconds(word.startMs),
      end: seconds(word.endMs),
    })),
    segments: transcript.segments.map((segment, id) => {
      const tokens = segment.words.flatMap((word) => word.tokens.map((token) => token.id));
      return {
        id,
        seek: null,
        start: seconds(segment.startMs),
        end: seconds(segment.endMs),
        text: segment.text,
        tokens: tokens.length > 0 ? tokens : null,
        temperature: null,
        avg_logprob: segment.meanLogprob,
        compression_ratio: segment.compressionRatio,
        no_speech_prob: segment.noSpeechProbability,
      };
    }),
  };
}

// OpenAI names languages in English, in lower case.
function englishName(tag: string): string {
  return (new Intl.DisplayNames(['en'], { type: 'language' }).of(tag) ?? tag).toLowerCase();
}

function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}

function clock(ms: number, mark: ',' | '.'): string {
  const whole = Math.round(ms);
  const part = (value: number, digits: number) => String(Math.floor(value)).padStart(digits, '0');
  const hours = part(whole / 3_600_000, 2);
  const minutes = part((whole / 60_000) % 60, 2);
  return `${hours}:${minutes}:${part((whole / 1000) % 60, 2)}${mark}${part(whole % 1000, 3)}`;
}

// WebVTT reads & and < as markup.
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
