import type { Moment } from '#contract/perception.ts';
import { transcode } from '#runtime/transcode/transcode.ts';
import { inputOf, type VideoFile } from '#runtime/video/file.ts';
import type { Track } from '#runtime/video/look.ts';
import { CHAPTERS } from './text.ts';

/** Text tracks in ffmpeg's words; the others are pictures of text. */
const TEXT_CODECS = /^(subrip|srt|mov_text|webvtt|ass|ssa|text|ttml|microdvd|subviewer|sami)$/;
const TIMEOUT_MS = 120_000;
/** More is no subtitles. */
const MOST_CHARS = 8e6;
/** ISO 639-2 codes of the languages we speak ourselves. */
const CODES = { en: /^(en|eng)$/, zh: /^(zh|zho|chi|cmn)$/ } as const;

/** The subtitle track to read: text, if possible in this language, else the default one or the first. */
export function subtitleToRead(tracks: readonly Track[], language: 'en' | 'zh'): Track | null {
  const texts = tracks.filter(({ kind, codec }) => kind === 'subtitle' && TEXT_CODECS.test(codec));
  const inLanguage = texts.filter((track) => track.language !== null && CODES[language].test(track.language));
  return [inLanguage, texts].flatMap((some) => [...some.filter(({ isDefault }) => isDefault), ...some])[0] ?? null;
}

/** The subtitles of a text track as written moments; `null` where they cannot be read. Throws `kit.cancelled`. */
export async function readSubtitles(file: VideoFile, track: Track, signal: AbortSignal): Promise<Moment[] | null> {
  const srt = await printed(file, ['-map', `0:s:${track.index}`, '-f', 'srt', 'pipe:1'], signal);
  return srt === null ? null : subtitlesIn(srt);
}

/** The subtitles of an SRT file, without markup. */
export function subtitlesIn(srt: string): Moment[] {
  const blocks = srt.replace(/\r/g, '').split(/\n(?:[ \t]*\n)+/);
  return blocks.flatMap((block): Moment[] => {
    const time = /(\d+):(\d\d):(\d\d)[,.](\d{3}) --> (\d+):(\d\d):(\d\d)[,.](\d{3})[^\n]*\n([\s\S]*)/.exec(block);
    if (!time) return [];
    const [a, b, c, d, e, f, g, h] = time.slice(1, 9).map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const text = (time[9] ?? '')
      .replace(/<\/?[a-zA-Z][^<>]*>|\{\\[^{}]*\}/g, '')
      .replace(/\\[Nn]/g, '\n')
      .trim();
    const startMs = ((a * 60 + b) * 60 + c) * 1_000 + d;
    const endMs = Math.max(startMs, ((e * 60 + f) * 60 + g) * 1_000 + h);
    return text === '' ? [] : [{ startMs, endMs, what: 'written', text, confidence: null, source: 'subtitle track' }];
  });
}

/** The titles of chapters as written moments. Throws `kit.cancelled`. */
export async function readChapters(file: VideoFile, signal: AbortSignal): Promise<Moment[]> {
  return chaptersIn((await printed(file, ['-f', 'ffmetadata', 'pipe:1'], signal)) ?? '');
}

/** The chapters of ffmpeg's metadata format (ffmpeg-formats, "Metadata"); those without a title say nothing. */
export function chaptersIn(metadata: string): Moment[] {
  return metadata
    .split(/^\[CHAPTER\]$/m)
    .slice(1)
    .flatMap((chapter): Moment[] => {
      const value = (name: string) => new RegExp(`^${name}=((?:\\\\\\n|.)*)`, 'm').exec(chapter)?.[1];
      const [numerator = 1, denominator = 1e9] = (value('TIMEBASE') ?? '').split('/').map(Number);
      const inMs = (name: string) => (Number(value(name)) * numerator * 1_000) / denominator;
      const [startMs, endMs] = [inMs('START'), inMs('END')];
      const text = (value('title') ?? '').replace(/\\([\s\S])/g, '$1').trim();
      if (text === '' || !(startMs >= 0 && endMs >= startMs && Number.isFinite(endMs))) return [];
      return [{ startMs, endMs, what: 'written', text, confidence: null, source: CHAPTERS }];
    });
}

async function printed(file: VideoFile, output: readonly string[], signal: AbortSignal): Promise<string | null> {
  const pieces: Buffer[] = [];
  let length = 0;
  const { outcome } = await transcode(file.program, inputOf(file), output, {
    signal,
    timeoutMs: TIMEOUT_MS,
    onOutput: (bytes) => {
      length += bytes.length;
      if (length <= MOST_CHARS) pieces.push(bytes);
    },
  });
  return outcome === 'done' && length <= MOST_CHARS ? Buffer.concat(pieces).toString('utf8') : null;
}
