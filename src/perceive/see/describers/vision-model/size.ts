import type { KindLimits } from '#contract/capabilities.ts';

/** A picture made smaller to `content`, in the middle of a white `canvas` that may be larger. */
export interface Fitted {
  readonly content: Size;
  readonly canvas: Size;
}

export interface Size {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Models look at pictures of about this size at most (2048 px: OpenAI's guide to images, detail high); more only costs. */
const MOST_SIDE_PX = 2048;
const STEP = 0.95;
const LEAST = 1;

/**
 * The largest size at which a picture keeps to a model's limits; `null` where they contradict each other. Never enlarged: an edge is
 * added to one that is too small or too narrow.
 */
export function sizeWithin({ widthPx, heightPx }: Size, limits: KindLimits = {}): Fitted | null {
  const { minSidePx = 1, maxSidePx = Number.POSITIVE_INFINITY, maxPixels = Number.POSITIVE_INFINITY } = limits;
  const { maxRatio = Number.POSITIVE_INFINITY } = limits;
  const longest = Math.min(maxSidePx, Math.max(MOST_SIDE_PX, minSidePx));
  const whole = Math.max(widthPx, heightPx);
  let factor = Math.min(1, longest / whole, Math.sqrt(maxPixels / (widthPx * heightPx)));
  while (factor * whole >= LEAST) {
    const content = {
      widthPx: Math.max(1, Math.floor(widthPx * factor)),
      heightPx: Math.max(1, Math.floor(heightPx * factor)),
    };
    const least = Math.max(minSidePx, Math.ceil(Math.max(content.widthPx, content.heightPx) / maxRatio));
    const canvas = {
      widthPx: Math.max(content.widthPx, least),
      heightPx: Math.max(content.heightPx, least),
    };
    if (Math.max(canvas.widthPx, canvas.heightPx) <= longest && canvas.widthPx * canvas.heightPx <= maxPixels)
      return { content, canvas };
    factor *= STEP;
  }
  return null;
}
