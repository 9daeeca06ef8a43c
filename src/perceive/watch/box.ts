import type { TextLine } from '#contract/perception.ts';

/** An upright rectangle. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The upright rectangle around a line, its sides as shares (0 to 1) of those of the picture. */
export function boxOf(
  line: Pick<TextLine, 'box'>,
  { widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number },
): Box {
  const xs = line.box.map(([x]) => x / widthPx);
  const ys = line.box.map(([, y]) => y / heightPx);
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

/** Whether two lines stand in the same place: at least half of the smaller one's height and of its width lie in the other. */
export function isSamePlace(a: Box, b: Box): boolean {
  const inHeight = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  const inWidth = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  return (
    inHeight >= 0.5 * Math.min(a.bottom - a.top, b.bottom - b.top) &&
    inWidth >= 0.5 * Math.min(a.right - a.left, b.right - b.left)
  );
}
