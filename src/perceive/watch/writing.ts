import { differenceOf, edgesOf, type Grid } from './edges.ts';

/** One look at the small picture. */
export interface Look {
  /** The squares whose edges changed since the look before. */
  readonly changed: Uint8Array;
  /** Those that have sharp edges. */
  readonly written: Uint8Array;
  /** More than 0 where new writing stands still: the number of squares it fills. */
  readonly newWriting: number;
}

/** Thresholds other than those chosen, to compare them. */
export interface WritingRules {
  readonly leastSquares?: number | undefined;
  /** See `edgesOf`. */
  readonly sharp?: number | undefined;
  /** See `differenceOf`. */
  readonly sameShare?: number | undefined;
}

/** New writing fills at least so many squares: a figure is one. Measured; see docs/decisions. */
const LEAST_SQUARES = 1;
/** Writing that goes on growing is not waited for any longer than so many looks. */
const MOST_WAITING = 10;

/**
 * Notices new writing in looks at a video, one after the other: squares with sharp edges that are as they were in the look before
 * (what moves is not) and not as they were when writing was last noticed. It waits until they grow no more. Where looks
 * lie seconds apart (`canStand` false), nothing can be said about standing still, and it is not asked for.
 */
export function writingWatcher(
  grid: Grid,
  { canStand, leastSquares = LEAST_SQUARES, sharp, sameShare }: { readonly canStand: boolean } & WritingRules,
): (grey: Uint8Array) => Look {
  let before: Uint8Array | null = null;
  let noticed: Uint8Array | null = null;
  let waiting = 0;
  let most = 0;
  return (grey) => {
    const edges = edgesOf(grey, grid, sharp);
    const last = before ?? edges;
    noticed ??= edges;
    before = edges;
    const { changed, written } = differenceOf(last, edges, grid, sameShare);
    const since = differenceOf(noticed, edges, grid, sameShare).changed;
    let squares = 0;
    for (let at = 0; at < since.length; at++) {
      if (since[at] && written[at] && !(canStand && changed[at])) squares++;
    }
    const grows = squares > most * 1.1;
    most = squares;
    if (squares < leastSquares) {
      waiting = 0;
      return { changed, written, newWriting: 0 };
    }
    if (canStand && grows && ++waiting < MOST_WAITING) return { changed, written, newWriting: 0 };
    noticed = edges;
    waiting = 0;
    most = 0;
    return { changed, written, newWriting: squares };
  };
}
