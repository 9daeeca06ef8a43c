import { SensoriumError } from '#contract/error.ts';
import type { Pixels } from '#contract/media.ts';
import { serve } from '../worker/serve.ts';
import { flattened } from './flatten.ts';
import type { DecodeCall, PictureHead } from './picture.ts';
import { tooLarge, unsupported } from './refusals.ts';
import { loadSharp } from './sharp.ts';

/** libvips is told to stop after this long; should it not listen, the process ends a little later. */
const TIMEOUT_S = 30;
const LAST_RESORT_MS = 40_000;
/** A picture of 100 megapixels needs about 1 GB, with its alpha. */
const MAX_RSS_BYTES = 2.5 * 2 ** 30;
const WATCH_MS = 50;
/** So many frames of an animation are looked at for differences. */
const MOST_FRAMES_COMPARED = 1_000;
/** Comparing them is given up after this long. */
const COMPARING_S = 15;
/** Frames are compared as pictures of at most so many pixels a side, in grey. */
const THUMBNAIL_PX = 64;
/** A frame is another one when some spot of its thumbnail differs by this much, of 255. */
const OTHER_FROM = 24;

serve({
  look: (call: DecodeCall) => guarded(() => look(call)),
  frame: (call: DecodeCall) => guarded(() => frame(call)),
  distinct: (call: DecodeCall & { readonly most: number }) => guarded(() => distinct(call)),
});

async function look(call: DecodeCall): Promise<PictureHead> {
  const sharp = await loadSharp();
  const meta = await sharp(...input(call, { limitInputPixels: false })).metadata();
  const heightPx = meta.pageHeight ?? meta.height;
  if (meta.width * heightPx > call.maxPixels) throw tooLarge(meta.width, heightPx, call.maxPixels);
  if (meta.format === 'heif' && meta.compression === 'hevc') throw unsupported('HEIC (HEVC)');
  const frames = meta.pages ?? 1;
  const animated = frames > 1 && (meta.format === 'gif' || meta.format === 'webp');
  const upright = meta.autoOrient;
  return {
    format: meta.format,
    widthPx: upright.width,
    heightPx: meta.pageHeight ?? upright.height,
    frames,
    animated,
  };
}

async function frame(call: DecodeCall): Promise<Pixels> {
  const sharp = await loadSharp();
  const one = sharp(...input(call, { page: call.frame, pages: 1 })).timeout({ seconds: TIMEOUT_S });
  const { data, info } = await one
    .autoOrient()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { widthPx: info.width, heightPx: info.height, rgb: flattened(data, info.channels) };
}

async function distinct(call: DecodeCall & { readonly most: number }): Promise<readonly number[]> {
  const head = await look(call);
  const count = Math.min(head.frames, MOST_FRAMES_COMPARED);
  const small = await thumbnails(call, head, count);
  if (small === null) return spread(count, call.most);
  const shown: { frame: number; by: number }[] = [];
  let last: Buffer | undefined;
  for (const [frame, one] of small.entries()) {
    const by = last ? largestDifference(last, one) : 255;
    if (by >= OTHER_FROM) {
      shown.push({ frame, by });
      last = one;
    }
  }
  const [first, ...others] = shown;
  const kept = others.sort((a, b) => b.by - a.by).slice(0, Math.max(0, call.most - 1));
  return [...(first ? [first] : []), ...kept].map((one) => one.frame).sort((a, b) => a - b);
}

/**
 * The first frames as small grey pictures, `null` where that takes too long. All in one pass, as a strip: a frame asked for by itself is
 * decoded with every one before it. Where one ends and the next begins a strip blurs a little, which may make two of one change.
 */
async function thumbnails(call: DecodeCall, head: PictureHead, count: number): Promise<Buffer[] | null> {
  const sharp = await loadSharp();
  const [width, height] = [Math.min(THUMBNAIL_PX, head.widthPx), Math.min(THUMBNAIL_PX, head.heightPx)];
  // The strip is never in memory as a whole, so only its frames have to be small enough, which `look` has seen to.
  const strip = sharp(...input(call, { page: 0, pages: count, limitInputPixels: false }))
    .timeout({ seconds: COMPARING_S })
    .flatten({ background: '#808080' })
    .resize(width, height, { fit: 'fill' })
    .greyscale()
    .raw({ depth: 'uchar' });
  try {
    const grey = await strip.toBuffer();
    const size = width * height;
    return Array.from({ length: Math.floor(grey.length / size) }, (_, at) => grey.subarray(at * size, (at + 1) * size));
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('timeout')) return null;
    throw error;
  }
}

/** Frames as far apart as can be, the first among them. */
function spread(count: number, most: number): readonly number[] {
  const chosen = Math.max(1, Math.min(count, most));
  return Array.from({ length: chosen }, (_, at) => Math.floor((at * count) / chosen));
}

function largestDifference(a: Buffer, b: Buffer): number {
  let most = 0;
  for (let at = 0; at < a.length; at += 1) most = Math.max(most, Math.abs((a[at] ?? 0) - (b[at] ?? 0)));
  return most;
}

function input({ source, maxPixels }: DecodeCall, more: object): [Buffer | string, object] {
  const from = typeof source === 'string' ? source : Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  return [from, { limitInputPixels: maxPixels, sequentialRead: true, failOn: 'error', ...more }];
}

// A crafted file may take hours or gigabytes in code that nothing else can interrupt; threads of libvips do that work, so
// this one is free to look on.
async function guarded<T>(work: () => Promise<T>): Promise<T> {
  const memory = setInterval(() => {
    if (process.memoryUsage.rss() > MAX_RSS_BYTES) process.exit(1);
  }, WATCH_MS);
  const time = setTimeout(() => process.exit(1), LAST_RESORT_MS);
  try {
    return await work();
  } catch (error) {
    throw asOurs(error);
  } finally {
    clearInterval(memory);
    clearTimeout(time);
  }
}

function asOurs(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof SensoriumError) return error;
  if (/unsupported image format|support for this compression format/i.test(error.message)) {
    return unsupported('of a kind that is not known here');
  }
  return new SensoriumError('see.cannot-decode', `The picture cannot be decoded: ${error.message.split('\n')[0]}`, {
    hint: 'It may be cut short. Open it in another program and export it again as PNG or JPEG.',
    cause: error,
  });
}
