import type { Box } from './box.ts';

/** The squares into which a small grey picture is divided, to say where it changed. */
export interface Grid {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly columns: number;
  readonly rows: number;
}

/** Side of a square, in pixels of the small picture: about a line of small print. */
const SQUARE_BITS = 4;
const SQUARE_PX = 1 << SQUARE_BITS;
/** A step between two neighbouring pixels that counts as a sharp edge, of 255. Measured, as the next two; see docs/decisions. */
const SHARP = 64;
/** A square with fewer sharp pixels has no writing in it. */
const LEAST_EDGES = 12;
/** A square is as it was while at least this share of the sharp pixels of both moments is the same. */
const SAME_SHARE = 0.5;

/** The squares of a picture of this size. */
export function gridOf(widthPx: number, heightPx: number): Grid {
  return { widthPx, heightPx, columns: Math.ceil(widthPx / SQUARE_PX), rows: Math.ceil(heightPx / SQUARE_PX) };
}

/** Where a grey picture is sharp: 1 for each pixel that differs strongly from the one to its right or below. */
export function edgesOf(grey: Uint8Array, { widthPx, heightPx }: Grid, sharp = SHARP): Uint8Array {
  const edges = new Uint8Array(widthPx * heightPx);
  for (let y = 0; y < heightPx - 1; y++) {
    for (let at = y * widthPx, end = at + widthPx - 1; at < end; at++) {
      const value = grey[at] as number;
      const right = Math.abs(value - (grey[at + 1] as number));
      const below = Math.abs(value - (grey[at + widthPx] as number));
      if (right >= sharp || below >= sharp) edges[at] = 1;
    }
  }
  return edges;
}

/** How two moments differ, one value for each square: whether its edges changed, and whether it has edges in the later one. */
export interface Difference {
  readonly changed: Uint8Array;
  readonly written: Uint8Array;
}

/** Compares the edges of two moments, square by square. */
export function differenceOf(before: Uint8Array, after: Uint8Array, grid: Grid, sameShare = SAME_SHARE): Difference {
  const { widthPx, heightPx, columns, rows } = grid;
  const [olds, news, boths] = [0, 1, 2].map(() => new Uint16Array(columns * rows)) as [
    Uint16Array,
    Uint16Array,
    Uint16Array,
  ];
  for (let y = 0, at = 0; y < heightPx; y++) {
    const row = Math.floor(y / SQUARE_PX) * columns;
    for (let x = 0; x < widthPx; x++, at++) {
      const [old, now] = [before[at] as number, after[at] as number];
      if ((old | now) === 0) continue;
      const square = row + (x >> SQUARE_BITS);
      olds[square] = (olds[square] as number) + old;
      news[square] = (news[square] as number) + now;
      boths[square] = (boths[square] as number) + (old & now);
    }
  }
  const [changed, written] = [new Uint8Array(columns * rows), new Uint8Array(columns * rows)];
  for (let square = 0; square < changed.length; square++) {
    const [old, now, both] = [olds[square] as number, news[square] as number, boths[square] as number];
    written[square] = now >= LEAST_EDGES ? 1 : 0;
    changed[square] = Math.max(old, now) >= LEAST_EDGES && both < sameShare * (old + now - both) ? 1 : 0;
  }
  return { changed, written };
}

/** The numbers of the squares that a box covers; its sides are shares of the picture's, 0 to 1. */
export function squaresIn({ left, top, right, bottom }: Box, { columns, rows }: Grid): number[] {
  const range = (from: number, to: number, count: number): number[] => {
    const first = Math.min(count - 1, Math.max(0, Math.floor(from * count)));
    const last = Math.min(count - 1, Math.max(first, Math.ceil(to * count) - 1));
    return Array.from({ length: last - first + 1 }, (_, at) => first + at);
  };
  return range(top, bottom, rows).flatMap((row) => range(left, right, columns).map((column) => row * columns + column));
}
