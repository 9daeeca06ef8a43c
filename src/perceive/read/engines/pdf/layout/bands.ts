import { median } from '#kit/median.ts';
import type { Box } from '#runtime/pdf/page.ts';
import type { Piece, Row } from './rows.ts';

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Rows that belong together: plain ones, ones side by side in columns of running text, or ones of a table. */
export type Band =
  | { readonly kind: 'plain'; readonly rows: readonly Row[] }
  | { readonly kind: 'columns'; readonly columns: readonly (readonly Piece[])[] }
  | { readonly kind: 'table'; readonly rows: readonly Row[]; readonly gutters: readonly Span[] };

/** A gutter narrower than this many times the size is none. */
const MIN_GUTTER = 0.6;
/** Rows further apart than this many times the size do not stand side by side in one band. */
const MAX_APART = 4;
/** Running text fills its column; cells of a table mostly do not. */
const FILLED = 0.75;
const RUNNING_CHARS = 18;
const MIN_COLUMN_ROWS = 4;
const MAX_TEXT_COLUMNS = 4;
const MIN_TABLE_ROWS = 2;
/** No page has more rows beside each other. */
const MAX_ROWS = 300;

/** Rows of a page, or of one of its columns, in bands from the top down. */
export function bandsOf(rows: readonly Row[], rulings: readonly Box[]): Band[] {
  const bands: Band[] = [];
  let plain: Row[] = [];
  const flush = () => {
    if (plain.length > 0) bands.push({ kind: 'plain', rows: plain });
    plain = [];
  };
  for (let at = 0; at < rows.length; ) {
    const found = bandAt(rows, at);
    const kind = found && kindOf(found, rulings);
    if (!found || !kind) {
      plain.push(...rows.slice(at, at + 1));
      at += 1;
      continue;
    }
    if (kind === 'table') {
      flush();
      bands.push({ kind, rows: found.rows, gutters: found.gutters });
    } else {
      const above = besides(plain, found);
      flushUpTo(above.length);
      bands.push({ kind, columns: columnsOf([...above, ...found.rows], found.gutters) });
    }
    at += found.rows.length;
  }
  flush();
  return bands;

  function flushUpTo(taken: number): void {
    plain = plain.slice(0, plain.length - taken);
    flush();
  }
}

interface Found {
  readonly rows: readonly Row[];
  readonly gutters: readonly Span[];
}

// From a row with a gap on, as far down as a gap stays free.
function bandAt(rows: readonly Row[], at: number): Found | null {
  const first = rows[at];
  if (!first || first.pieces.length < 2) return null;
  let gutters = gapsOf(first);
  let end = at + 1;
  for (; end < Math.min(rows.length, at + MAX_ROWS); end += 1) {
    const row = rows[end];
    const above = rows[end - 1];
    if (!row || !above || row.baseline - above.baseline > MAX_APART * Math.max(row.sizePt, above.sizePt)) break;
    const left = free(gutters, row);
    if (left.length === 0) break;
    gutters = left;
  }
  // What comes last on one side only, after more space than the others or in another size, is something else.
  const taken = rows.slice(at, end);
  while (taken.length > 1 && taken.at(-1)?.pieces.length === 1 && !fits(taken)) taken.pop();
  return taken.length >= MIN_TABLE_ROWS ? { rows: taken, gutters } : null;
}

function fits(rows: readonly Row[]): boolean {
  const [above, last] = rows.slice(-2);
  if (!above || !last) return false;
  const pitches = rows.slice(1).map((row, index) => row.baseline - (rows[index]?.baseline ?? 0));
  return (
    Math.abs(last.sizePt - above.sizePt) < 0.1 * above.sizePt &&
    last.baseline - above.baseline <= 1.3 * median(pitches.slice(0, -1), Number.POSITIVE_INFINITY)
  );
}

function gapsOf(row: Row): Span[] {
  return row.pieces.slice(1).map((piece, index) => ({ from: row.pieces[index]?.right ?? 0, to: piece.left }));
}

function free(gutters: readonly Span[], row: Row): Span[] {
  const rest: Span[] = [];
  for (const gutter of gutters) {
    let spans: Span[] = [gutter];
    for (const { left, right } of row.pieces) {
      spans = spans.flatMap(({ from, to }) =>
        right <= from || left >= to
          ? [{ from, to }]
          : [
              { from, to: left },
              { from: right, to },
            ].filter((span) => span.to > span.from),
      );
    }
    const widest = spans.reduce<Span | null>(
      (best, span) => (!best || span.to - span.from > best.to - best.from ? span : best),
      null,
    );
    if (widest && widest.to - widest.from >= MIN_GUTTER * row.sizePt) rest.push(widest);
  }
  return rest;
}

function kindOf({ rows, gutters }: Found, rulings: readonly Box[]): 'columns' | 'table' | null {
  const columns = columnsOf(rows, gutters);
  const lines = horizontalsIn(rows, rulings).length;
  const running = columns.every((pieces) => pieces.length >= MIN_COLUMN_ROWS && isRunning(pieces));
  if (running && columns.length <= MAX_TEXT_COLUMNS && lines < rows.length) return 'columns';
  if (lines >= 2) return 'table';
  const full = rows.filter((row) => row.pieces.length >= 2).length;
  if (columns.length >= 3) return full >= MIN_TABLE_ROWS ? 'table' : null;
  return full >= 3 && full * 2 >= rows.length ? 'table' : null;
}

function isRunning(pieces: readonly Piece[]): boolean {
  const { left, right } = extentOf(pieces);
  const filled = median(
    pieces.map((piece) => (piece.right - piece.left) / (right - left)),
    0,
  );
  const chars = median(
    pieces.map((piece) => widthInLetters(piece.text)),
    0,
  );
  return filled >= FILLED && chars >= RUNNING_CHARS;
}

// A Chinese character is worth two letters.
function widthInLetters(text: string): number {
  let width = 0;
  for (const letter of text) width += letter >= '\u2e80' ? 2 : 1;
  return width;
}

/** Lines across that lie within the rows, or close above and below. */
export function horizontalsIn(rows: readonly Row[], rulings: readonly Box[]): number[] {
  const [first] = rows;
  const last = rows.at(-1);
  if (!first || !last) return [];
  const { left, right } = extentOf(rows.flatMap((row) => row.pieces));
  const near = first.sizePt;
  const heights = rulings
    .filter(
      (box) =>
        box.right - box.left > box.bottom - box.top &&
        box.top > first.top - near &&
        box.bottom < last.bottom + near &&
        box.left < right &&
        box.right > left,
    )
    .map((box) => Math.round((box.top + box.bottom) / 2));
  return [...new Set(heights)]
    .sort((a, b) => a - b)
    .filter((height, index, all) => index === 0 || height - (all[index - 1] ?? 0) > 2);
}

/** The pieces of each column, from the top down. */
export function columnsOf(rows: readonly Row[], gutters: readonly Span[]): Piece[][] {
  const columns: Piece[][] = Array.from({ length: gutters.length + 1 }, () => []);
  for (const row of rows) for (const piece of row.pieces) columns[columnOf(piece, gutters)]?.push(piece);
  return columns;
}

/** Which column a piece stands in, from 0. */
export function columnOf(piece: Piece, gutters: readonly Span[]): number {
  const middle = (piece.left + piece.right) / 2;
  return gutters.filter((gutter) => middle > (gutter.from + gutter.to) / 2).length;
}

// Rows above that stand in one of the columns and close to it: a column may begin higher than its neighbour.
function besides(plain: readonly Row[], { rows, gutters }: Found): Row[] {
  const taken: Row[] = [];
  let below = rows[0];
  for (const row of [...plain].reverse()) {
    if (!below || free(gutters, row).length < gutters.length) break;
    const outside = row.pieces.some((piece) =>
      gutters.some((gutter) => piece.left < gutter.from && piece.right > gutter.to),
    );
    if (
      outside ||
      below.baseline - row.baseline > 1.6 * below.sizePt ||
      Math.abs(row.sizePt - below.sizePt) > 0.1 * below.sizePt
    )
      break;
    taken.unshift(row);
    below = row;
  }
  return taken;
}

/** From the leftmost to the rightmost. */
export function extentOf(boxes: readonly { readonly left: number; readonly right: number }[]): {
  left: number;
  right: number;
} {
  let [left, right] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const box of boxes) {
    left = Math.min(left, box.left);
    right = Math.max(right, box.right);
  }
  return { left, right };
}
