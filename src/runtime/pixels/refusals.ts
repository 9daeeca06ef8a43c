import { SensoriumError } from '#contract/error.ts';

/** The refusal of a picture that says it is larger than allowed. */
export function tooLarge(widthPx: number, heightPx: number, maxPixels: number): SensoriumError {
  return new SensoriumError('see.too-large', `The picture has ${widthPx} × ${heightPx} pixels.`, {
    hint: `Make it smaller: at most ${maxPixels / 1e6} megapixels are read.`,
    details: { widthPx, heightPx, maxPixels },
  });
}

/** The refusal of a kind of picture that nothing here decodes; `what` is what it is. */
export function unsupported(what: string): SensoriumError {
  return new SensoriumError('see.unsupported', `The picture is ${what}; nothing here decodes it.`, {
    hint: 'Convert it to PNG or JPEG. Also read: WebP, GIF, TIFF and AVIF; BMP with ffmpeg, HEIC with a recent one.',
  });
}
