import { SensoriumError } from '#contract/error.ts';
import { pictureExtent } from '#kit/picture/extent.ts';
import type { SoundFile } from '../decoder.ts';
import { pdfPages } from './pdf.ts';

interface ExtentLimits {
  readonly maxPixels: number;
  readonly maxPages: number;
}

/** Refuses a picture or document that says it is larger than allowed, before anything unpacks it. */
export async function refuseHuge(file: SoundFile, limits: ExtentLimits, signal: AbortSignal): Promise<void> {
  const { path, name, mimeType } = file;
  if (mimeType === 'application/pdf') {
    const pages = await pdfPages(path, signal);
    if (pages !== null && pages > limits.maxPages) throw tooManyPages(name, pages, limits.maxPages);
  }
  if (!mimeType.startsWith('image/')) return;
  const extent = await pictureExtent(path, mimeType, limits.maxPages);
  if (!extent) {
    throw new SensoriumError('media.broken', `${name} does not say how large it is.`, {
      hint: 'Check that it opens elsewhere; export it again, as PNG or JPEG.',
    });
  }
  const { width, height, frames } = extent;
  if (width * height > limits.maxPixels) {
    throw new SensoriumError('media.too-large', `${name} has ${width} × ${height} pixels.`, {
      hint: `Make it smaller: at most ${limits.maxPixels / 1e6} megapixels are taken.`,
      details: { width, height, maxPixels: limits.maxPixels },
    });
  }
  if (frames > limits.maxPages) throw tooManyPages(name, frames, limits.maxPages);
}

function tooManyPages(name: string, pages: number, maxPages: number): SensoriumError {
  return new SensoriumError('media.too-large', `${name} has ${pages} pages or more.`, {
    hint: `Cut it into parts: at most ${maxPages} pages are taken.`,
    details: { pages, maxPages },
  });
}
