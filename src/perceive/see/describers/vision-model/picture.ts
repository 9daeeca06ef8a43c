import { createHash } from 'node:crypto';
import { SensoriumError } from '#contract/error.ts';
import { lossOf } from '#contract/loss.ts';
import type { Media, MediaPart, Pixels } from '#contract/media.ts';
import type { CallContext, LanguageModel } from '#contract/ports.ts';
import { encodeJpeg, encodePng, resize } from '#runtime/pixels/shape.ts';
import { type Size, sizeWithin } from './size.ts';

const FORMS = [
  { mimeType: 'image/jpeg', name: 'picture.jpg', encode: (pixels: Pixels) => encodeJpeg(pixels, QUALITY) },
  { mimeType: 'image/png', name: 'picture.png', encode: encodePng },
] as const;
const QUALITY = 90;
/** Each try has half the pixels of the one before. */
const MOST_TRIES = 8;

/**
 * The picture in memory as a model takes it: JPEG where it may be, else PNG, within its limits. That it was made smaller is noted.
 * Throws `see.unknown-engine` when the model takes it in no form.
 */
export async function pictureFor(
  { part, pixels }: { readonly part: string; readonly pixels: Pixels },
  model: LanguageModel,
  { note }: Pick<CallContext, 'note'>,
): Promise<MediaPart> {
  const limits = model.capabilities.limits?.image ?? {};
  if (limits.addressOnly) throw takesNone(model, 'only by their address');
  const { mimeTypes } = limits;
  const form = FORMS.find(
    ({ mimeType }) =>
      (mimeTypes?.includes(mimeType) ?? true) && model.accepts?.(mediaOf(part, mimeType, new Uint8Array())) !== false,
  );
  if (!form || !model.accepts) throw takesNone(model, 'neither as JPEG nor as PNG');

  const mostBytes = Math.min(
    limits.maxBytes ?? Number.POSITIVE_INFINITY,
    ((limits.maxEncodedBytes ?? Number.POSITIVE_INFINITY) * 3) / 4,
  );
  let { maxPixels } = limits;
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const fitted = sizeWithin(pixels, { ...limits, maxPixels });
    if (!fitted) break;
    const { content, canvas } = fitted;
    const shown = onPaper(await resize(pixels, content.widthPx, content.heightPx), canvas);
    const bytes = await form.encode(shown);
    if (bytes.length <= mostBytes) {
      if (content.widthPx < pixels.widthPx) noteSmaller(part, model.id, pixels, content, note);
      return partOf(mediaOf(part, form.mimeType, bytes, form.name), bytes);
    }
    maxPixels = Math.floor((content.widthPx * content.heightPx) / 2);
  }
  throw takesNone(model, 'not within its limits of size');
}

function takesNone({ id }: LanguageModel, why: string): SensoriumError {
  return new SensoriumError('see.unknown-engine', `${id} cannot be handed a picture: it takes them ${why}.`, {
    hint: 'Set see.describer to another model that sees, or to none.',
  });
}

function noteSmaller(part: string, engine: string, from: Size, to: Size, note: CallContext['note']): void {
  const [before, after] = [from, to].map(({ widthPx, heightPx }) => `${widthPx}×${heightPx}`);
  note(
    lossOf({
      kind: 'downscaled',
      stage: 'perceive',
      part,
      engine,
      extent: Math.round((to.widthPx / from.widthPx) * 1000) / 1000,
      unit: 'of each side',
      message: `The picture was made smaller for its description (${before} to ${after}): small things may not be told.`,
      action: 'what is written in it was read at full size',
      before,
      after,
    }),
  );
}

function mediaOf(part: string, mimeType: string, bytes: Uint8Array, name = 'picture'): Media {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { part, kind: 'image', name, source: 'bytes', mimeType, sizeBytes: bytes.length, sha256 };
}

function partOf(media: Media, bytes: Uint8Array): MediaPart {
  return {
    media,
    bytes: async () => bytes,
    async *stream() {
      yield bytes;
    },
    close: async () => {},
  };
}

// White, as paper is.
function onPaper(pixels: Pixels, canvas: Size): Pixels {
  const { widthPx, heightPx, rgb } = pixels;
  if (canvas.widthPx === widthPx && canvas.heightPx === heightPx) return pixels;
  const paper = new Uint8Array(canvas.widthPx * canvas.heightPx * 3).fill(255);
  const left = Math.floor((canvas.widthPx - widthPx) / 2);
  const top = Math.floor((canvas.heightPx - heightPx) / 2);
  for (let row = 0; row < heightPx; row++) {
    const line = rgb.subarray(row * widthPx * 3, (row + 1) * widthPx * 3);
    paper.set(line, ((top + row) * canvas.widthPx + left) * 3);
  }
  return { ...canvas, rgb: paper };
}
