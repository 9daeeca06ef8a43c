import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { KindLimits } from '#contract/capabilities.ts';
import type { MediaPart } from '#contract/media.ts';
import { onBench } from '#runtime/bench.ts';
import { ffmpegEncoders } from '#runtime/encode/ffmpeg.ts';
import { transcode } from '#runtime/transcode/transcode.ts';
import { inputOf, type VideoFile } from '#runtime/video/file.ts';
import { lookAtVideo, type VideoLook } from '#runtime/video/look.ts';
import { type Accepts, madeForms, mostBytes, takesForm } from '../forms.ts';
import { madePart, madeParts, stretchOf } from '../made.ts';
import { type Geometry, geometryFor, namesSides, type Size, sizeFits } from '../picture/geometry.ts';
import { change, type FitContext, ffmpegFor } from '../tools.ts';
import { cannotFit, inBytes } from '../words.ts';
import { noteVideoLosses } from './losses.ts';
import { fittable } from './trouble.ts';

const TIMEOUT_MS = 900_000;
const HINT = 'Cut or shrink it, or choose a model that takes longer videos.';
/** Below these a picture is mud and speech is not understood, in bits a second. */
const LEAST_PICTURE_BITS = 80_000;
const SOUND_BITS = 48_000;
/** A pixel of a usual video wants about this many bits a second with x264. */
const BITS_PER_PIXEL = 0.6;
const TRIES = 4;
const CUT_ROOM_MS = 150;

/** A piece of a video as it was made. */
export interface MadeVideo {
  readonly path: string;
  readonly size: Size;
  readonly durationMs: number;
  /** The streams were taken over as they were. */
  readonly isCopy: boolean;
}

/** Brings a video into what the model takes: the same part, one stored anew as MP4, or pieces of it. */
export async function fitVideo(
  part: MediaPart,
  limits: KindLimits | undefined,
  accepts: Accepts,
  context: FitContext,
): Promise<readonly MediaPart[]> {
  const { media, sound } = part;
  const fitsAsFile = takesForm(media, limits, accepts) && media.sizeBytes <= mostBytes(limits);
  const namesTime = limits?.minDurationMs !== undefined || limits?.maxDurationMs !== undefined;
  if (fitsAsFile && !namesTime && !namesSides(limits)) return [part];
  const program = await ffmpegFor(part, context);
  return onBench(part, context.signal, async ({ folder, source }) => {
    const file = { program, path: source, mimeType: media.mimeType };
    const look = await fittable(part, lookAtVideo(file, context.signal));
    const [least, longest] = [limits?.minDurationMs ?? 0, limits?.maxDurationMs ?? Number.POSITIVE_INFINITY];
    const timeFits = look.durationMs >= least && look.durationMs <= longest;
    if (fitsAsFile && timeFits && sizeFits(look, limits)) return [part];
    if (madeForms('video', limits, accepts).length === 0)
      throw cannotFit(part, 'it takes videos in no form that can be made here', HINT);

    const pieces = piecesOf(part, look, limits);
    const job = { part, look, limits, file, context };
    const made: MadeVideo[] = [];
    for (const [index, piece] of pieces.entries()) {
      made.push(await makePiece(job, piece, join(folder, `made-${index}`), pieces.length === 1));
    }
    const parts = await madeParts(made, ({ path }, index) => {
      const { startMs, endMs } = pieces[index] as Piece;
      const heard = sound && pieces.length > 1 ? stretchOf(sound, startMs, endMs) : sound;
      const extra = { index: pieces.length > 1 ? index + 1 : undefined, sound: heard };
      return madePart(part, path, { kind: 'video', mimeType: 'video/mp4' }, extra);
    });
    noteVideoLosses(part, look, made, parts, pieces.at(-1)?.endMs ?? 0, context);
    return parts;
  });
}

interface Piece {
  readonly startMs: number;
  readonly endMs: number;
}

interface Job {
  readonly part: MediaPart;
  readonly look: VideoLook;
  readonly limits: KindLimits | undefined;
  readonly file: VideoFile;
  readonly context: FitContext;
}

/** Equal pieces where the model says that it takes several videos; else its beginning. */
function piecesOf(part: MediaPart, { durationMs, soundCodec }: VideoLook, limits: KindLimits | undefined): Piece[] {
  const leastBits = LEAST_PICTURE_BITS + (soundCodec ? SOUND_BITS : 0);
  const byBytes = (mostBytes(limits) * 8_000 * 0.9) / leastBits;
  // Sound is coded in blocks and may end after the pictures: a little room for that.
  const byTime = (limits?.maxDurationMs ?? Number.POSITIVE_INFINITY) - CUT_ROOM_MS;
  if (durationMs <= Math.min(byTime, byBytes)) return [{ startMs: 0, endMs: durationMs }];
  const longestMs = Math.floor(Math.min(byBytes, byTime));
  if (longestMs < Math.min(durationMs, Math.max(500, limits?.minDurationMs ?? 0))) {
    throw cannotFit(part, 'no piece of it is both long and small enough', HINT);
  }
  const count = Math.min(Math.ceil(durationMs / longestMs) || 1, limits?.maxCount ?? 1);
  const endMs = Math.min(durationMs, count * longestMs);
  return Array.from({ length: count }, (_, index) => ({
    startMs: (endMs * index) / count,
    endMs: (endMs * (index + 1)) / count,
  }));
}

async function makePiece(job: Job, piece: Piece, path: string, isOnly: boolean): Promise<MadeVideo> {
  const { part, look, limits, file } = job;
  const isMp4Inside = look.pictureCodec === 'h264' && [null, 'aac', 'mp3'].includes(look.soundCodec);
  const canStay = isOnly && isMp4Inside && sizeFits(look, limits) && look.durationMs >= (limits?.minDurationMs ?? 0);
  const copy = canStay ? await copied(job, piece, path) : null;
  if (copy) return copy;

  if (!(await ffmpegEncoders(file.program)).has('libx264')) {
    throw cannotFit(part, 'this ffmpeg cannot make H.264', 'Install an ffmpeg with libx264.');
  }
  const seconds = Math.max(piece.endMs - piece.startMs, limits?.minDurationMs ?? 0) / 1_000;
  let bits = (mostBytes(limits) * 8 * 0.94) / seconds - (look.soundCodec ? SOUND_BITS : 0);
  for (let turn = 0; turn < TRIES; turn++, bits *= 0.7) {
    const geometry = evenGeometry(look, limits, bits);
    if (!geometry) throw cannotFit(part, 'its sides and those the model takes cannot be brought together', HINT);
    await encoded(job, piece, path, geometry, bits);
    const made = await fittingVideo(job, path, false);
    if (made) return made;
  }
  throw cannotFit(part, `even at the lowest quality it has more than ${inBytes(mostBytes(limits))}`, HINT);
}

/** What was made, if it is within the limits. */
async function fittingVideo({ part, limits, file, context }: Job, path: string, isCopy: boolean) {
  if ((await stat(path)).size > mostBytes(limits)) return null;
  const asMp4 = { ...file, path, mimeType: 'video/mp4' };
  const { width, height, durationMs } = await fittable(part, lookAtVideo(asMp4, context.signal));
  return durationMs <= (limits?.maxDurationMs ?? durationMs)
    ? { path, size: { width, height }, durationMs, isCopy }
    : null;
}

const MP4 = ['-map_metadata', '-1', '-movflags', '+faststart', '-f', 'mp4'];
const STREAMS = ['-map', '0:v:0', '-map', '0:a:0?'];

/** Puts the streams into an MP4 as they are; `null` where that does not do. */
async function copied(job: Job, piece: Piece, path: string): Promise<MadeVideo | null> {
  const { look, file, context } = job;
  const cut = piece.endMs < look.durationMs ? ['-t', String(piece.endMs / 1_000)] : [];
  const output = [...STREAMS, ...cut, '-c', 'copy', ...MP4, `file:${path}`];
  const options = { signal: context.signal, timeoutMs: TIMEOUT_MS };
  const { outcome } = await transcode(file.program, inputOf(file), output, options);
  return outcome === 'done' ? fittingVideo(job, path, true) : null;
}

async function encoded(
  { part, look, limits, file, context }: Job,
  { startMs, endMs }: Piece,
  path: string,
  { content, canvas }: Geometry,
  bits: number,
): Promise<void> {
  const missingMs = Math.max(0, (limits?.minDurationMs ?? 0) - (endMs - startMs));
  const hasEdge = canvas.width > content.width || canvas.height > content.height;
  const filters = [
    `scale=${content.width}:${content.height}`,
    ...(hasEdge ? [`pad=${canvas.width}:${canvas.height}:(ow-iw)/2:(oh-ih)/2:white`] : []),
    'setsar=1',
    // A video that is too short stands still at its end; a little longer, as not everybody counts the last frame.
    ...(missingMs > 0 ? [`tpad=stop_mode=clone:stop_duration=${(missingMs + CUT_ROOM_MS) / 1_000}`] : []),
  ];
  const isWhole = startMs === 0 && endMs === look.durationMs;
  const rate = String(Math.round(bits));
  await change(
    part,
    file.program,
    [...(startMs > 0 ? ['-ss', String(startMs / 1_000)] : []), ...inputOf(file)],
    [
      ...STREAMS,
      ...(isWhole ? [] : ['-t', String((endMs - startMs) / 1_000)]),
      ...['-vf', filters.join(), '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-pix_fmt', 'yuv420p'],
      ...(Number.isFinite(bits) ? ['-maxrate', rate, '-bufsize', rate] : []),
      ...['-c:a', 'aac', '-b:a', String(SOUND_BITS), '-ac', '1', ...MP4, `file:${path}`],
    ],
    { signal: context.signal, timeoutMs: TIMEOUT_MS },
  );
}

/** The size to code at: within the limits, with even sides, and with enough bits for each pixel where that is possible. */
function evenGeometry(look: Size, limits: KindLimits | undefined, bits: number): Geometry | null {
  const affordable = Math.max(64 * 64, Math.floor(bits / BITS_PER_PIXEL));
  const maxPixels = Math.min(limits?.maxPixels ?? Number.POSITIVE_INFINITY, affordable);
  const geometry = geometryFor(look, { ...limits, maxPixels }) ?? geometryFor(look, limits);
  if (!geometry) return null;
  const { content, canvas } = geometry;
  const evenly = (round: (half: number) => number) => ({
    width: Math.max(2, 2 * round(canvas.width / 2)),
    height: Math.max(2, 2 * round(canvas.height / 2)),
  });
  const even = [evenly(Math.floor), evenly(Math.ceil)].find((size) => sizeFits(size, limits));
  if (!even) return null;
  // What is only one pixel off is not worth an edge.
  const fill = (side: number, whole: number) => (Math.abs(whole - side) < 2 ? whole : Math.min(side, whole));
  return {
    content: { width: fill(content.width, even.width), height: fill(content.height, even.height) },
    canvas: even,
  };
}
