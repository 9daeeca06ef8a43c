import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isSensoriumError, SensoriumError } from '#contract/error.ts';
import type { Pixels } from '#contract/media.ts';
import { orDiskFull, temporaryFolder } from '#kit/temporary.ts';
import { startWorker, type Worker, workerModule } from '../worker/host.ts';
import { asPng, canBeOpenedByFfmpeg } from './second-way.ts';

/** An encoded picture: its bytes, or the absolute path of a file. */
export type PictureSource = Uint8Array | string;

export interface PictureLimits {
  /** A picture whose head says more is refused with `see.too-large` before anything is decoded. */
  readonly maxPixels: number;
  readonly signal: AbortSignal;
}

/** What the head of a picture says. Sizes are those of the first frame, upright. */
export interface PictureHead {
  readonly format: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly frames: number;
  /** Frames are moments of an animation; otherwise they are pages. */
  readonly animated: boolean;
}

/** A picture that was opened but not decoded yet. */
export interface OpenPicture extends PictureHead {
  /** One frame (from 0), decoded upright, on white (or on black where only that shows what is drawn). Throws `see.*`. */
  pixels(frame?: number): Promise<Pixels>;
  /** Which frames differ from the one shown before them, the first included, at most `most`: those that differ the most. */
  distinctFrames(most: number): Promise<readonly number[]>;
}

/** A decoded picture as it comes from the other process; a call that names a frame that is not there fails. */
export interface DecodeCall {
  readonly source: PictureSource;
  readonly maxPixels: number;
  readonly frame: number;
}

const IDLE_MS = 30_000;
let shared: Worker | undefined;

/**
 * Opens a picture of any common kind: reads its size, and decodes frames when they are asked for, in a process of its own, so
 * that a crafted file can neither block nor end this one. Throws `see.too-large`, `see.unsupported`, `see.cannot-decode`,
 * `runtime.package-missing`, `kit.disk-full` and `kit.cancelled`. The bytes must not change while it is in use.
 */
export async function decodePicture(source: PictureSource, limits: PictureLimits): Promise<OpenPicture> {
  try {
    return await opened(source, limits);
  } catch (error) {
    if (!isSensoriumError(error) || error.code !== 'see.unsupported') throw error;
    const png = await throughFfmpeg(source, limits);
    if (!png) throw error;
    return opened(png, limits);
  }
}

async function opened(source: PictureSource, { maxPixels, signal }: PictureLimits): Promise<OpenPicture> {
  const ask = <T>(method: string, frame: number, more = {}) =>
    decoded<T>(method, { source, maxPixels, frame, ...more }, signal);
  const head = await ask<PictureHead>('look', 0);
  return {
    ...head,
    pixels: (frame = 0) => ask<Pixels>('frame', frame),
    distinctFrames: async (most) => (head.frames === 1 ? [0] : ask<readonly number[]>('distinct', 0, { most })),
  };
}

async function decoded<T>(method: string, call: DecodeCall, signal: AbortSignal): Promise<T> {
  shared ??= startWorker(workerModule(import.meta.url), { name: 'pixels', idleMs: IDLE_MS });
  try {
    return await shared.call<T>(method, call, signal);
  } catch (error) {
    if (!isSensoriumError(error) || !error.code.startsWith('runtime.worker-died')) throw error;
    throw new SensoriumError('see.cannot-decode', 'The picture cannot be decoded: it needs too much memory or time.', {
      hint: 'Open it in another program and export it again as PNG or JPEG.',
      cause: error,
    });
  }
}

// What sharp has no decoder for (BMP, HEIC, JPEG 2000) becomes a PNG, where ffmpeg is there and knows it.
async function throughFfmpeg(source: PictureSource, limits: PictureLimits): Promise<Uint8Array | null> {
  const folder = await temporaryFolder();
  try {
    const path = typeof source === 'string' ? source : join(folder.path, 'picture');
    if (typeof source !== 'string') await writeFile(path, source);
    const mimeType = await canBeOpenedByFfmpeg(path);
    return mimeType === null ? null : await asPng({ path, mimeType, folder: folder.path }, limits);
  } catch (error) {
    throw orDiskFull(error);
  } finally {
    await folder.close();
  }
}
