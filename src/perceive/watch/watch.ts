import { SensoriumError } from '#contract/error.ts';
import type { MediaPart, Pixels } from '#contract/media.ts';
import type { Moment, Picture, Timeline, Transcript } from '#contract/perception.ts';
import type { CallContext } from '#contract/ports.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { onBench } from '#runtime/bench.ts';
import { findFfmpeg } from '#runtime/ffmpeg.ts';
import { type VideoFile, VideoTrouble } from '#runtime/video/file.ts';
import { countVideo, lookAtVideo, type VideoLook } from '#runtime/video/look.ts';
import { framesOfInput, isSkimmed } from '#runtime/video/scenes.ts';
import { keyframesOf, unseenMs } from './keyframes.ts';
import { lookAtFrames } from './look-at-frames.ts';
import { noteLosses } from './losses.ts';
import { type Measured, measure } from './measure.ts';
import { heardMoments, inOrder, shownMoments, writtenMoments } from './moments.ts';
import { framePixels, sizeToSee } from './pixels.ts';
import { standingAround } from './standing.ts';
import { timelineText } from './text.ts';
import { readChapters, readSubtitles, subtitleToRead } from './tracks.ts';

/** What to watch, and who hears it and looks at its frames. */
export interface Watching {
  readonly media: MediaPart;
  /** Has the sound heard; `null` where there is none, or nobody to hear it. Asked once, and runs beside the looking. */
  readonly transcript: () => Promise<Transcript | null>;
  /** Looks at one frame, which is its own to keep; `atMs` counts from the first frame. The next comes when it has answered. */
  readonly see: (pixels: Pixels, atMs: number) => Promise<Picture>;
  /** The language of the words that are added, and of the subtitles where there are several. */
  readonly language: 'en' | 'zh';
  /** At most so many frames are looked at; at least 1. */
  readonly maxFrames: number;
  /** Told how many of the chosen frames have been looked at. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** The ffmpeg to use, for those who bring their own; `null` where there is none. */
  readonly ffmpeg?: (() => Promise<string | null>) | undefined;
}

/**
 * Turns a video into one timeline of what is shown, written and said. It looks at frames where scenes begin and where writing
 * changes. What can be read of a broken video is told, the rest is a loss. Throws `watch.no-pictures`, `watch.broken` (nothing of it can be
 * read), `media.decoder-missing` (no ffmpeg), `kit.cancelled`, `kit.disk-full`, and what `transcript` throws; what `see` throws only where it
 * does so for every frame.
 */
export async function watch(watching: Watching, context: CallContext): Promise<Timeline> {
  const { media } = watching;
  throwIfCancelled(context.signal);
  const program = await ffmpegFor(watching);
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  return onBench(media, context.signal, async ({ folder, source }) => {
    const file = { program, path: source, mimeType: media.media.mimeType };
    const look = await understood(media, lookAtVideo(file, signal));
    const hearing = watching.transcript();
    const looking = lookThrough(watching, file, look, folder, signal);
    // When hearing fails so does everything; the folder must not go while ffmpeg is at work in it.
    hearing.catch(() => stop.abort());
    const pictures = await looking.catch(async (error) => {
      if (stop.signal.aborted) await hearing;
      throw error;
    });
    return told(watching, look, pictures, await hearing, context);
  });
}

/** Everything that is to be seen or read in a video. */
async function lookThrough(watching: Watching, file: VideoFile, look: VideoLook, folder: string, signal: AbortSignal) {
  const track = subtitleToRead(look.tracks, watching.language);
  const subtitles = track === null ? null : await readSubtitles(file, track, signal);
  const chapters = look.hasChapters ? await readChapters(file, signal) : [];
  const measured = await measure(file, look, folder, signal);
  const durationMs = Math.max(look.durationMs, measured.scored.at(-1)?.atMs ?? 0);
  const framesTotal = await totalOf(file, look, measured, signal);
  const writings = measured.looks.filter(({ newWriting }) => newWriting > 0);
  const keyframes =
    measured.scored.length === 0
      ? { frames: [], scenesMs: [], cutsMissed: 0, writings: 0, writingsMissed: 0 }
      : keyframesOf(measured.scored, writings, durationMs, Math.max(1, Math.floor(watching.maxFrames)));
  const numbers = keyframes.frames.map(({ frame }) => frame);
  const pixels =
    numbers.length === 0
      ? nothing()
      : framePixels(file, framesOfInput(file, look.durationMs), numbers, sizeToSee(look), signal);
  const { see, onProgress } = watching;
  const options = { see, onProgress, scenesMs: keyframes.scenesMs, durationMs, signal };
  const seen = await lookAtFrames(pixels, keyframes.frames, options);
  const written = [...chapters, ...(subtitles ?? [])];
  return { measured, keyframes, seen, durationMs, framesTotal, written, subtitles: subtitles === null ? null : track };
}

type Pictures = Awaited<ReturnType<typeof lookThrough>>;

function told(
  { media, language }: Watching,
  look: VideoLook,
  pictures: Pictures,
  transcript: Transcript | null,
  context: CallContext,
): Timeline {
  const { measured, keyframes, seen, durationMs, framesTotal, subtitles } = pictures;
  const lines = seen.lines.map((line) => ({
    ...line,
    startMs: standingAround(line.firstBox, line.startMs, measured).startMs,
    endMs: standingAround(line.box, line.endMs, measured).endMs,
  }));
  const all: Moment[] = [
    ...shownMoments(seen.shown),
    ...writtenMoments(lines),
    ...pictures.written,
    ...(transcript ? heardMoments(transcript) : []),
  ];
  if (all.length === 0 && measured.scored.length === 0) throw broken(media, new Error(measured.complaints));
  const moments = inOrder(all, durationMs);
  const engines = [...seen.engines, ...(transcript ? [transcript.engine] : [])];
  const timeline: Timeline = {
    part: media.media.part,
    kind: 'timeline',
    text: timelineText(moments, language),
    durationMs: Math.round(durationMs),
    moments,
    framesSeen: seen.atMs.length,
    framesTotal,
    seenMs: [...seen.atMs],
    longestGapMs: unseenMs(seen.atMs, durationMs),
    cutsMissed: measured.scored.length === 0 ? null : keyframes.cutsMissed,
    transcript,
    engine: engines.length === 0 ? 'ffmpeg' : engines.join('+'),
  };
  noteLosses({ media, look, measured, keyframes, seen, timeline, subtitles }, (loss) => context.note(loss));
  return timeline;
}

/** How many frames there are: counted where all were decoded without complaint, else by their packets; `null` where that fails. */
async function totalOf(
  file: VideoFile,
  look: VideoLook,
  { outcome, complaints, scored }: Measured,
  signal: AbortSignal,
): Promise<number | null> {
  const isWhole = outcome === 'done' && complaints === '' && scored.length > 0;
  if (isWhole && !isSkimmed(look.durationMs)) return scored.length;
  try {
    const { frames } = await countVideo(file, signal);
    return frames === 0 ? null : Math.max(frames, scored.length);
  } catch (error) {
    if (error instanceof VideoTrouble) return null;
    throw error;
  }
}

async function ffmpegFor({ media, ffmpeg = findFfmpeg }: Watching): Promise<string> {
  const program = await ffmpeg();
  if (program !== null) return program;
  throw new SensoriumError(
    'media.decoder-missing',
    `Nothing here can look into ${media.media.name}: ffmpeg is not here.`,
    {
      hint: 'Install ffmpeg, or add it with: npm install @ffmpeg-installer/ffmpeg',
      details: { mimeType: media.media.mimeType },
    },
  );
}

async function understood<T>(media: MediaPart, read: Promise<T>): Promise<T> {
  try {
    return await read;
  } catch (error) {
    if (!(error instanceof VideoTrouble)) throw error;
    if (error.why !== 'no-pictures') throw broken(media, error);
    throw new SensoriumError('watch.no-pictures', `${media.media.name} has no pictures that move.`, {
      hint: 'If it has sound, have it heard instead.',
      details: { mimeType: media.media.mimeType },
      cause: error,
    });
  }
}

function broken({ media }: MediaPart, cause: Error): SensoriumError {
  return new SensoriumError('watch.broken', `Nothing of ${media.name} can be read.`, {
    hint: 'Check that it plays elsewhere; export or download it again.',
    details: { mimeType: media.mimeType },
    cause,
  });
}

async function* nothing(): AsyncGenerator<Pixels> {}
