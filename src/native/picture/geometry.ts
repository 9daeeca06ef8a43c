import type { KindLimits } from '#contract/capabilities.ts';

/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Limits of a picture's sides alone. */
export type SideLimits = Pick<KindLimits, 'minSidePx' | 'maxSidePx' | 'maxPixels' | 'maxRatio'>;

/** What a picture becomes: the picture itself at `content`, in the middle of a `canvas` that may be larger. */
export interface Geometry {
  readonly content: Size;
  readonly canvas: Size;
}

const MAX_ROUNDS = 64;

/** Whether these limits say anything of sides. */
export function namesSides(limits: SideLimits | undefined): boolean {
  const { minSidePx, maxSidePx, maxPixels, maxRatio } = limits ?? {};
  return [minSidePx, maxSidePx, maxPixels, maxRatio].some((limit) => limit !== undefined);
}

/** Whether a picture of this size keeps to the limits. */
export function sizeFits({ width, height }: Size, limits: SideLimits | undefined): boolean {
  const [short, long] = [Math.min(width, height), Math.max(width, height)];
  return (
    short >= (limits?.minSidePx ?? 1) &&
    long <= (limits?.maxSidePx ?? long) &&
    width * height <= (limits?.maxPixels ?? Number.POSITIVE_INFINITY) &&
    long <= short * (limits?.maxRatio ?? Number.POSITIVE_INFINITY)
  );
}

/**
 * The least change that brings a picture within the limits; `null` where they contradict each other. Too small: every pixel
 * becomes a square of pixels, which adds nothing to the picture; where that would be too large, an edge is added. Too long
 * and thin: an edge is added, as cutting would lose what is there. Too large: made smaller, with its proportions kept.
 */
export function geometryFor(size: Size, limits: SideLimits | undefined): Geometry | null {
  if (sizeFits(size, limits)) return { content: size, canvas: size };
  const short = Math.min(size.width, size.height);
  const times = Math.ceil((limits?.minSidePx ?? 1) / short);
  const enlarged = { width: size.width * times, height: size.height * times };
  if (times > 1 && sizeFits(enlarged, limits)) return { content: enlarged, canvas: enlarged };

  let content = size;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const canvas = canvasFor(content, limits);
    if (sizeFits(canvas, limits)) return { content, canvas };
    const long = Math.max(canvas.width, canvas.height);
    const factor = Math.min(
      (limits?.maxSidePx ?? long) / long,
      Math.sqrt((limits?.maxPixels ?? Number.POSITIVE_INFINITY) / (canvas.width * canvas.height)),
      1,
    );
    const smaller = scaled(
      size,
      Math.min((factor * content.width) / size.width, (factor * content.height) / size.height),
    );
    // Rounding may keep it where it was; then a pixel less.
    const longer = Math.max(content.width, content.height);
    content =
      Math.max(smaller.width, smaller.height) < longer
        ? smaller
        : scaled(size, (longer - 1) / Math.max(size.width, size.height));
    if (longer <= 1) return null;
  }
  return null;
}

/** A size with its proportions kept, at least one pixel each way. */
export function scaled({ width, height }: Size, factor: number): Size {
  return { width: Math.max(1, Math.floor(width * factor)), height: Math.max(1, Math.floor(height * factor)) };
}

function canvasFor({ width, height }: Size, limits: SideLimits | undefined): Size {
  const least = Math.max(
    limits?.minSidePx ?? 1,
    Math.ceil(Math.max(width, height) / (limits?.maxRatio ?? Number.POSITIVE_INFINITY)),
  );
  return { width: Math.max(width, least), height: Math.max(height, least) };
}
