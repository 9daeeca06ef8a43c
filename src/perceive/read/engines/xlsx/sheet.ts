import { filler, tableText } from '../../files/grid.ts';
import { attribute, children, descendants, type Element, find, textOf } from '../../files/tree.ts';
import type { ShowNumber } from './formats.ts';
import { columnName, placeOf, type Range, rangeOf, spans } from './places.ts';

/** What a workbook's sheets share. */
export interface Workbook {
  readonly shared: readonly string[];
  readonly show: ShowNumber;
}

/** A sheet while it is read. Once `mostChars` of text are kept, rows are only counted. */
export interface Sheet {
  take(element: Element): void;
  /** What was taken, merged cells filled; once. */
  finish(): SheetResult;
}

export interface SheetResult {
  /** The rows that have something, by their number from 0, in order. */
  readonly rows: ReadonlyMap<number, readonly string[]>;
  readonly hiddenRows: readonly number[];
  readonly hiddenColumns: readonly number[];
  /** The ids of the relations to drawings. */
  readonly drawings: readonly Element[];
  readonly cutRows: number;
  readonly uncalculated: number;
  readonly chars: number;
}

/** The elements of a sheet's part that are looked at, each as a whole. */
export const SHEET_ELEMENTS: ReadonlySet<string> = new Set(['row', 'mergeCell', 'col', 'drawing', 'hyperlink']);

const MOST_MERGES = 100_000;
const MOST_FILLED = 2_000_000;
const MOST_COVERED = 200_000;

/** Collects the cells of a sheet, as text as it is shown. */
export function sheetOf({ shared, show }: Workbook, mostChars: number): Sheet {
  const rows = new Map<number, string[]>();
  const merges: Range[] = [];
  const hiddenRows: number[] = [];
  const hiddenColumns: number[] = [];
  const drawings: Element[] = [];
  let cutRows = 0;
  let uncalculated = 0;
  let chars = 0;
  let filled = 0;
  let last = -1;

  const takeRow = (row: Element) => {
    const number = Number(row.attributes.r ?? last + 2) - 1;
    if (!Number.isSafeInteger(number) || number <= last || number >= 1_048_576) return;
    last = number;
    if (chars > mostChars) {
      if (row.children.length > 0) cutRows += 1;
      return;
    }
    const cells: string[] = [];
    let next = 0;
    for (const cell of row.children) {
      if (typeof cell === 'string' || cell.name !== 'c') continue;
      const column = placeOf(cell.attributes.r ?? '')?.column ?? next;
      next = column + 1;
      const text = cellText(cell);
      if (text === '') continue;
      while (cells.length < column) cells.push('');
      cells[column] = text;
      chars += text.length + 1;
    }
    filled += cells.length;
    if (filled > MOST_FILLED) chars = mostChars + 1;
    if (cells.length > 0) {
      rows.set(number, cells);
      if (/^(1|true)$/.test(row.attributes.hidden ?? '')) hiddenRows.push(number);
    }
  };

  const cellText = (cell: Element): string => {
    const type = cell.attributes.t ?? 'n';
    const value = textOf(find(cell, 'v'));
    if (type === 's') return shared[Number(value)] ?? '';
    if (type === 'inlineStr') return stringText(find(cell, 'is'));
    if (type === 'b') return value === '1' ? 'TRUE' : 'FALSE';
    if (type === 'n' && value !== '') return show(value, Number(cell.attributes.s ?? 0));
    if (value !== '') return value;
    const formula = textOf(find(cell, 'f'));
    if (formula === '') return '';
    uncalculated += 1;
    return `=${formula}`;
  };

  return {
    take(element) {
      if (element.name === 'row') takeRow(element);
      else if (element.name === 'mergeCell') {
        const range = rangeOf(element.attributes.ref ?? '');
        if (range && merges.length < MOST_MERGES) merges.push(range);
      } else if (element.name === 'col' && /^(1|true)$/.test(element.attributes.hidden ?? '')) {
        const to = Math.min(Number(element.attributes.max), 16_384);
        for (let column = Number(element.attributes.min); column >= 1 && column <= to; column++)
          hiddenColumns.push(column - 1);
      } else if (element.name === 'drawing') drawings.push(element);
    },
    finish() {
      chars += fillMerged(rows, merges, mostChars - chars);
      const width = widthOf(rows);
      const kept = hiddenColumns.filter((column) => column < width);
      return { rows, hiddenRows, hiddenColumns: kept, drawings, cutRows, uncalculated, chars };
    },
  };
}

function widthOf(rows: ReadonlyMap<number, readonly string[]>): number {
  let most = 0;
  for (const row of rows.values()) most = Math.max(most, row.length);
  return most;
}

// Tells how many characters were added.
function fillMerged(rows: Map<number, string[]>, merges: readonly Range[], mostChars: number): number {
  const width = widthOf(rows);
  let left = MOST_COVERED;
  let added = 0;
  for (const range of merges) {
    const text = rows.get(range.top)?.[range.left];
    if (text === undefined || text === '') continue;
    const wide = range.left === 0 && range.right >= width - 1;
    for (const [row, cells] of rowsIn(rows, range)) {
      for (let column = range.left; column <= Math.min(range.right, width - 1); column++) {
        left -= 1;
        if (left < 0 || added > mostChars) return added;
        while (cells.length < column) cells.push('');
        if ((cells[column] ?? '') !== '') continue;
        const more = filler(text, column - range.left, row - range.top, wide);
        cells[column] = more;
        added += more.length;
      }
    }
  }
  return added;
}

// Whichever is less to look through: the rows of the range or those of the sheet.
function* rowsIn(rows: Map<number, string[]>, { top, bottom }: Range): Generator<[number, string[]]> {
  if (bottom - top > rows.size) {
    for (const [row, cells] of rows) if (row >= top && row <= bottom) yield [row, cells];
    return;
  }
  for (let row = top; row <= bottom; row++) {
    const cells = rows.get(row);
    if (cells) yield [row, cells];
  }
}

/** The text of a string of the file; how it is pronounced (`rPh`) is left out. */
export function stringText(item: Element | undefined): string {
  let text = '';
  for (const child of children(item)) {
    if (child.name === 't') text += textOf(child);
    else if (child.name === 'r') text += textOf(find(child, 't'));
  }
  // Characters that XML cannot hold are written as _x000D_ (ECMA-376-1, 22.9.2.19).
  return text.replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** The rows of a sheet as a table for each block of rows that stands apart, and what is hidden in it. */
export function sheetBlocks(
  { rows, hiddenRows, hiddenColumns }: SheetResult,
  words: { readonly hiddenRows: string; readonly hiddenColumns: string; readonly colon: string },
): string[] {
  const tables: (readonly string[])[][] = [];
  let before = Number.NEGATIVE_INFINITY;
  for (const [number, row] of rows) {
    if (number > before + 2 || tables.length === 0) tables.push([]);
    else if (number === before + 2) tables.at(-1)?.push([]);
    tables.at(-1)?.push(row);
    before = number;
  }
  const blocks = tables.map(tableText);
  if (hiddenRows.length > 0)
    blocks.push(`${words.hiddenRows}${words.colon}${spans(hiddenRows, (row) => String(row + 1))}`);
  if (hiddenColumns.length > 0) blocks.push(`${words.hiddenColumns}${words.colon}${spans(hiddenColumns, columnName)}`);
  return blocks;
}

/** The comments on cells, old and new, as lines. */
export function commentLines(root: Element, authors: readonly string[]): string[] {
  const lines: string[] = [];
  for (const comment of [...descendants(root, 'comment'), ...descendants(root, 'threadedComment')]) {
    const text = comment.name === 'comment' ? stringText(find(comment, 'text')) : textOf(find(comment, 'text'));
    const author = authors[Number(attribute(comment, 'authorId') ?? -1)]?.trim() ?? '';
    if (text.trim() !== '')
      lines.push(`- ${attribute(comment, 'ref') ?? ''}${author === '' ? '' : ` (${author})`}: ${text.trim()}`);
  }
  return lines;
}
