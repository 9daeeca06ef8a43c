import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { transcode } from '#runtime/transcode/transcode.ts';
import type { Scored } from '#runtime/video/choose.ts';
import type { VideoFile } from '#runtime/video/file.ts';
import { HOUR_APART, ONE_AN_HOUR } from '#runtime/video/frames.ts';
import type { VideoLook } from '#runtime/video/look.ts';
import { framesOfInput, isSkimmed, scoreReader, scoring } from '#runtime/video/scenes.ts';
import { type Grid, gridOf } from './edges.ts';
import { type Look, type WritingRules, writingWatcher } from './writing.ts';

/** What a pass over a video measured; without `done` only its beginning. */
export interface Measured {
  /** Every frame that was decoded, with its score. */
  readonly scored: readonly Scored[];
  readonly grid: Grid;
  /** Looks at the writing, a few a second. */
  readonly looks: readonly (Look & { readonly atMs: number })[];
  readonly outcome: 'done' | 'failed' | 'timed-out';
  /** What ffmpeg complained about. */
  readonly complaints: string;
}

const TIMEOUT_MS = 20 * 60_000;
/** How often the writing is looked at, a little less than a fifth of a second: a subtitle stands for most of a second at least. */
const LOOK_EVERY_SECONDS = 0.19;
/** The small picture in which edges are sought has at most so many pixels: 480×270. */
const SMALL_PIXELS = 480 * 270;

/**
 * Measures a whole video in one pass, one small picture in memory at a time: where scenes begin, and where writing changes. Of a
 * long one only key frames are decoded. What can be read of a broken one is measured. Throws `kit.cancelled`.
 */
export async function measure(
  file: VideoFile,
  look: VideoLook,
  folder: string,
  signal: AbortSignal,
  rules: WritingRules = {},
): Promise<Measured> {
  const share = Math.min(1, Math.sqrt(SMALL_PIXELS / (look.width * look.height)));
  const [width, height] = [look.width, look.height].map((side) => Math.max(2, Math.round(side * share))) as [
    number,
    number,
  ];
  const grid = gridOf(width, height);
  const [scores, times] = [join(folder, 'scores'), join(folder, 'times')];
  const small = [
    `select='isnan(prev_selected_t)+gte(t-prev_selected_t\\,${LOOK_EVERY_SECONDS})'`,
    `scale=${width}:${height}:flags=area`,
    // For the times of the looks: metadata is printed only where there is some.
    `select='gte(scene,0)',metadata=print:file=${inFilter(times)}`,
    HOUR_APART,
  ].join();
  const graph = `[0:v:0]split[a][b];[a]${scoring(inFilter(scores))},nullsink;[b]${small}[small]`;
  const output = [
    '-filter_complex',
    graph,
    '-map',
    '[small]',
    ...ONE_AN_HOUR,
    '-f',
    'rawvideo',
    '-pix_fmt',
    'gray',
    'pipe:1',
  ];

  const lookAt = writingWatcher(grid, { canStand: !isSkimmed(look.durationMs), ...rules });
  const looks: Look[] = [];
  const pictures = inPieces(width * height, (grey) => void looks.push(lookAt(grey)));
  const { outcome, stderr } = await transcode(file.program, framesOfInput(file, look.durationMs), output, {
    signal,
    timeoutMs: TIMEOUT_MS,
    onOutput: pictures,
  });
  const [scored, timed] = [await readScores(scores), await readScores(times)];
  return {
    scored,
    grid,
    // A process that was ended may have sent a picture and not yet written its time.
    looks: looks.slice(0, timed.length).map((one, at) => ({ ...one, atMs: timed[at]?.atMs ?? 0 })),
    outcome,
    complaints: stderr,
  };
}

async function readScores(path: string): Promise<Scored[]> {
  const scores = scoreReader();
  try {
    for await (const bytes of createReadStream(path)) scores.take(bytes as Buffer);
  } catch (error) {
    // ffmpeg did not come as far as to make the file.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return scores.scored;
}

/** Puts a stream of bytes into pieces of one size, in one and the same buffer. */
function inPieces(size: number, onPiece: (bytes: Uint8Array) => void): (bytes: Buffer) => void {
  const piece = new Uint8Array(size);
  let filled = 0;
  return (bytes) => {
    for (let at = 0; at < bytes.length; ) {
      const taken = bytes.subarray(at, at + size - filled);
      piece.set(taken, filled);
      filled += taken.length;
      at += taken.length;
      if (filled < size) return;
      onPiece(piece);
      filled = 0;
    }
  };
}

/** A path as a value in a graph of filters (ffmpeg-filters, "Notes on filtergraph escaping"): first as a value, then in the graph. */
function inFilter(path: string): string {
  return path.replace(/[\\':]/g, '\\$&').replace(/[\\'[\],;]/g, '\\$&');
}
