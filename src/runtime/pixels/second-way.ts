import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileTypeFromFile } from 'file-type';
import { pictureExtent } from '#kit/picture/extent.ts';
import { findFfmpeg } from '../ffmpeg.ts';
import { transcode } from '../transcode/transcode.ts';
import type { PictureLimits } from './picture.ts';
import { tooLarge } from './refusals.ts';

/** ffmpeg's demuxer for kinds of picture that sharp, as it is built, does not open. */
const DEMUXERS: Readonly<Record<string, string>> = {
  'image/bmp': 'bmp_pipe',
  'image/heic': 'mov',
  'image/heif': 'mov',
  'image/jp2': 'j2k_pipe',
  'image/jxl': 'jpegxl_pipe',
  'image/vnd.adobe.photoshop': 'psd_pipe',
};
const TIMEOUT_MS = 30_000;

/** What a file is, by its bytes, if ffmpeg may be asked to open it; else `null`. */
export async function canBeOpenedByFfmpeg(path: string): Promise<string | null> {
  const mimeType = (await fileTypeFromFile(path))?.mime ?? '';
  return mimeType in DEMUXERS ? mimeType : null;
}

/**
 * The first picture of a file as a PNG; `null` where there is no ffmpeg or it does not manage. One that comes out smaller than
 * the file says it is (older ffmpegs take one tile of a HEIC for the whole) counts as not managed. Throws `see.too-large`.
 */
export async function asPng(
  file: { readonly path: string; readonly mimeType: string; readonly folder: string },
  { maxPixels, signal }: PictureLimits,
): Promise<Uint8Array | null> {
  const extent = await pictureExtent(file.path, file.mimeType, 1);
  if (!extent) return null;
  const { width, height } = extent;
  if (width * height > maxPixels) throw tooLarge(width, height, maxPixels);
  const program = await findFfmpeg();
  if (!program) return null;
  const target = join(file.folder, 'picture.png');
  const input = ['-f', DEMUXERS[file.mimeType] ?? '', '-i', `file:${file.path}`];
  const output = ['-frames:v', '1', '-f', 'image2', `file:${target}`];
  const { outcome } = await transcode(program, input, output, { signal, timeoutMs: TIMEOUT_MS });
  if (outcome !== 'done') return null;
  const made = await pictureExtent(target, 'image/png', 1).catch(() => null);
  const whole = made && made.width * made.height === width * height;
  return whole ? readFile(target) : null;
}
