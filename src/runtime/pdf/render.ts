import type { MediaPart, Pixels } from '#contract/media.ts';
import { openPdf } from './open.ts';

/** Enough for small print; larger where `maxSidePx` allows no more anyway. */
const MAX_DPI = 300;

export interface RenderOptions {
  /** Which, from 1, in this order; all where nothing is said. Numbers the file does not have are left out. */
  readonly pages?: readonly number[] | undefined;
  /** No side of a picture is longer; at most 300 dots per inch. */
  readonly maxSidePx: number;
  readonly signal: AbortSignal;
}

/**
 * Pages of a PDF as pictures, one in memory at a time. `shapeless` counts Chinese, Japanese and Korean characters the file brings
 * no shapes for, which are therefore not in the picture. A page that cannot be painted fails the whole. Throws `read.*`.
 */
export async function* renderPages(
  media: MediaPart,
  { pages, maxSidePx, signal }: RenderOptions,
): AsyncGenerator<{
  readonly number: number;
  readonly pixels: Pixels;
  readonly shapeless: number;
  readonly total: number;
}> {
  const file = await openPdf(media, signal);
  try {
    const total = file.facts.pages;
    const wanted =
      pages?.filter((number) => number >= 1 && number <= total) ??
      Array.from({ length: total }, (_, index) => index + 1);
    for (const number of wanted) {
      const pixels = await file.picture(number, { dpi: MAX_DPI, maxSidePx }, signal);
      const { runs } = await file.page(number, signal);
      yield { number, pixels, shapeless: runs.reduce((sum, run) => sum + (run.hidden ? 0 : run.shapeless), 0), total };
    }
  } finally {
    await file.close();
  }
}
