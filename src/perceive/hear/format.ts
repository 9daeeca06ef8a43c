import { SensoriumError } from '#contract/error.ts';
import type { Segment, Transcript, Word } from '#contract/perception.ts';
import { cuesOf } from './cues.ts';

/** The forms OpenAI's transcription API gives a transcript. */
export const TRANSCRIPT_FORMATS = ['text', 'json', 'verbose_json', 'srt', 'vtt'] as const;
export type TranscriptFormat = (typeof TRANSCRIPT_FORMATS)[number];

/** What OpenAI's API lets a caller ask for. Words and segments are for `verbose_json`, log-probabilities for `json`. */
export interface TranscriptOptions {
  /** Times of words; not given unless asked for. */
  readonly words?: boolean | undefined;
  /** Segments with times; given unless refused. */
  readonly segments?: boolean | undefined;
  readonly logprobs?: boolean | undefined;
  readonly task?: 'transcribe' | 'translate' | undefined;
}

/** A token with its natural-log probability. `bytes` is its UTF-8 spelling, with the space before a word. */
export interface TranscriptLogprob {
  readonly token: string;
  readonly logprob: number;
  readonly bytes: readonly number[];
}

/** OpenAI's `json`. `usage` says how much sound there was, in seconds. */
export interface TranscriptAnswer {
  readonly text: string;
  readonly logprobs?: readonly TranscriptLogprob[];
  readonly usage: { readonly type: 'duration'; readonly seconds: number };
}

/** OpenAI's `verbose_json`, times in seconds. What is not known is `null`, as what only Whisper's decoder has always is. */
export interface VerboseTranscriptAnswer extends Omit<TranscriptAnswer, 'logprobs'> {
  readonly task: 'transcribe' | 'translate';
  readonly language: string | null;
  readonly duration: number;
  readonly words?: readonly { readonly word: string; readonly start: number; readonly end: number }[];
  readonly segments?: readonly {
    readonly id: number;
    readonly seek: null;
    readonly start: number;
    readonly end: number;
    readonly text: string;
    readonly tokens: readonly number[] | null;
    readonly temperature: null;
    readonly avg_logprob: number | null;
    readonly compression_ratio: number | null;
    readonly no_speech_prob: number | null;
  }[];
}

/**
 * Writes a transcript in the shape of OpenAI's transcription API, ending in a new line. Throws `hear.unsupported-option`
 * when log-probabilities are asked for that nobody measured, or in a format that has no place for them.
 */
export function formatTranscript(
  transcript: Transcript,
  format: TranscriptFormat,
  options: TranscriptOptions = {},
): string {
  if (format === 'json' || format === 'verbose_json') {
    return `${JSON.stringify(transcriptAnswer(transcript, format, options))}\n`;
  }
  refuseLogprobs(format, options);
  switch (format) {
    case 'text':
      return `${transcript.text}\n`;
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

/** The same as an object, for the two formats that are one. Throws `hear.unsupported-option` like `formatTranscript`. */
export function transcriptAnswer(
  transcript: Transcript,
  format: 'json' | 'verbose_json',
  options: TranscriptOptions = {},
): TranscriptAnswer | VerboseTranscriptAnswer {
  const { text, durationMs, words, segments, language } = transcript;
  const usage = { type: 'duration', seconds: seconds(durationMs) } as const;
  if (format === 'json') return { text, ...(options.logprobs ? { logprobs: logprobsOf(words) } : {}), usage };
  refuseLogprobs(format, options);
  return {
    task: options.task ?? 'transcribe',
    language: language === null ? null : englishName(language),
    duration: seconds(durationMs),
    text,
    ...(options.words ? { words: words.map(timed) } : {}),
    ...((options.segments ?? true) ? { segments: segments.map(verboseSegment) } : {}),
    usage,
  };
}

/**
 * The tokens of these words with their log-probabilities. Their bytes put together spell the text, but for space at its
 * beginning, wherever the recogniser itself puts the space between words. Throws `hear.unsupported-option` when one of
 * them was not measured.
 */
export function logprobsOf(words: readonly Word[]): TranscriptLogprob[] {
  return words.flatMap((word) => {
    if (word.tokens.length === 0) throw notMeasured();
    return word.tokens.map(({ text, logprob, bytes }) => {
      if (logprob === null) throw notMeasured();
      return { token: text, logprob, bytes: bytes ?? [...new TextEncoder().encode(text)] };
    });
  });
}

function notMeasured(): SensoriumError {
  return new SensoriumError(
    'hear.unsupported-option',
    'This recogniser does not measure the probability of each token.',
    {
      hint: 'Leave logprobs out of include, or choose a recogniser whose capabilities say tokenLogprobs.',
      details: { option: 'logprobs' },
    },
  );
}

function refuseLogprobs(format: TranscriptFormat, { logprobs }: TranscriptOptions): void {
  if (!logprobs) return;
  throw new SensoriumError('hear.unsupported-option', `The format ${format} has no place for log-probabilities.`, {
    hint: 'Ask for the format json, or leave logprobs out of include.',
    details: { option: 'logprobs', format },
  });
}

function timed({ text, startMs, endMs }: Word): { word: string; start: number; end: number } {
  return { word: text, start: seconds(startMs), end: seconds(endMs) };
}

function verboseSegment(segment: Segment, id: number) {
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
