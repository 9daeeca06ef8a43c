import type { Pixels } from '#contract/media.ts';
import { runFfmpeg } from '#runtime/ffmpeg.ts';
import { MAX_BLOCK } from '#runtime/transcode/transcode.ts';
import type { VideoFile } from '#runtime/video/file.ts';
import { theseFrames } from '#runtime/video/frames.ts';
import type { VideoLook } from '#runtime/video/look.ts';

/** A frame with more pixels is made smaller: 8K has four times as many, and no print that needs them. */
const MOST_PIXELS = 4_096 * 2_304;
/** How long ffmpeg may take from one frame to the next. */
const STALL_MS = 5 * 60_000;

/** The size at which frames are looked at. */
export function sizeToSee({ width, height }: Pick<VideoLook, 'width' | 'height'>): { width: number; height: number } {
  const share = Math.min(1, Math.sqrt(MOST_PIXELS / (width * height)));
  return { width: Math.max(1, Math.floor(width * share)), height: Math.max(1, Math.floor(height * share)) };
}

/**
 * Decodes these frames, by number, and gives them one after the other as they are asked for; ffmpeg waits in between. It ends early
 * where no more can be read. Throws `kit.cancelled`.
 */
export async function* framePixels(
  file: VideoFile,
  input: readonly string[],
  frames: readonly number[],
  size: { readonly width: number; readonly height: number },
  signal: AbortSignal,
): AsyncGenerator<Pixels> {
  const stalled = new AbortController();
  const output = [...theseFrames(frames, size), '-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1'];
  const run = runFfmpeg(file.program, [...MAX_BLOCK, ...input], output, AbortSignal.any([signal, stalled.signal]));
  const bytes = run.output[Symbol.asyncIterator]();
  const next = async () => {
    const timer = setTimeout(() => stalled.abort(), STALL_MS);
    try {
      return await bytes.next();
    } finally {
      clearTimeout(timer);
    }
  };
  let rgb = new Uint8Array(size.width * size.height * 3);
  let filled = 0;
  try {
    for (let piece = await next(); !piece.done; piece = await next()) {
      for (let at = 0; at < piece.value.length; ) {
        const taken = piece.value.subarray(at, at + rgb.length - filled);
        rgb.set(taken, filled);
        filled += taken.length;
        at += taken.length;
        if (filled < rgb.length) continue;
        yield { widthPx: size.width, heightPx: size.height, rgb };
        rgb = new Uint8Array(rgb.length);
        filled = 0;
      }
    }
  } catch (error) {
    if (!stalled.signal.aborted || signal.aborted) throw error;
  } finally {
    await bytes.return?.();
    await run.ended;
  }
}
