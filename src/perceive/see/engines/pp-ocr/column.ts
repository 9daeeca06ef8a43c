import type { Pixels } from '#contract/media.ts';
import { blanksIn, inkOf } from './ink.ts';
import { lookAt } from './strip.ts';

/** Parts of a character that are apart (三, 言) belong together up to this height, in widths of the column. */
const ONE_CHARACTER = 1.05;
const TWO_CHARACTERS = 1.5;
const LEAST_INK = 0.02;
const MARGIN_SHARE = 0.08;

/**
 * Lays the characters of a column that is read from top to bottom side by side, each upright, so that what reads lines can read
 * it. `column` is an upright picture of it, as wide as one character; what comes out is as high as wide as one.
 */
export function laidSideBySide(column: Pixels): Pixels {
  const side = column.widthPx;
  const cells = cellsOf(column);
  const out = new Uint8Array(side * side * 3 * Math.max(1, cells.length)).fill(backgroundOf(column));
  const width = side * Math.max(1, cells.length);
  for (const [at, [from, to]] of cells.entries()) {
    const height = to - from;
    const scale = Math.max(1, height / side);
    const cell = lookAt(
      column,
      { origin: [0, from], along: [scale, 0], across: [0, scale] },
      Math.round(side / scale),
      Math.round(height / scale),
    );
    const [left, top] = [at * side + ((side - cell.widthPx) >> 1), (side - cell.heightPx) >> 1];
    for (let y = 0; y < Math.min(cell.heightPx, side); y += 1) {
      const row = cell.rgb.subarray(y * cell.widthPx * 3, (y + 1) * cell.widthPx * 3);
      out.set(row, ((Math.max(0, top) + y) * width + left) * 3);
    }
  }
  return { widthPx: width, heightPx: side, rgb: out };
}

function cellsOf(column: Pixels): [number, number][] {
  const side = column.widthPx;
  const { rows } = inkOf(column);
  const blanks = blanksIn(rows, LEAST_INK);
  const drawn: [number, number][] = [];
  let from = 0;
  for (const [start, end] of [...blanks, [rows.length, rows.length] as const]) {
    if (start > from) drawn.push([from, start]);
    from = end;
  }
  const cells: [number, number][] = [];
  for (const [start, end] of drawn) {
    const before = cells.at(-1);
    if (before && end - before[0] <= side * ONE_CHARACTER) before[1] = end;
    else if (end - start > side * TWO_CHARACTERS) cells.push(...cutEvenly(start, end, side));
    else cells.push([start, end]);
  }
  const margin = Math.round(side * MARGIN_SHARE);
  return cells.map(([start, end]) => [Math.max(0, start - margin), Math.min(rows.length, end + margin)]);
}

function cutEvenly(start: number, end: number, side: number): [number, number][] {
  const count = Math.round((end - start) / side);
  const each = (end - start) / count;
  return Array.from({ length: count }, (_, at) => [Math.round(start + at * each), Math.round(start + (at + 1) * each)]);
}

// The most frequent brightness, roughly: what the strip is drawn on.
function backgroundOf({ rgb }: Pixels): number {
  const shades = new Uint32Array(16);
  for (const value of rgb) shades[value >> 4] = (shades[value >> 4] ?? 0) + 1;
  return Math.min(255, (shades.indexOf(Math.max(...shades)) << 4) + 12);
}
