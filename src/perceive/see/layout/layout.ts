import { median } from '#kit/median.ts';
import { blocksOf } from './columns.ts';
import { characterHeight, heightOf, type Item, isWide, rowsOf } from './item.ts';
import { alignedTables, type Rule, ruledTables, type Table } from './table.ts';

/** A page in its order of reading. */
export interface LaidOut {
  /** Lines as they are printed; an empty line between paragraphs and blocks; tables as Markdown. */
  readonly text: string;
  /** Where each line (by its number) begins in the text, in code points, in the order in which they are read. */
  readonly starts: readonly { readonly line: number; readonly start: number }[];
  /** Lines that stand side by side, in neither columns nor a table: from left to right is a guess. */
  readonly unsure: readonly number[];
}

/** A new paragraph begins below white that is this much more than usual, or where characters become larger or smaller. */
const WIDER_WHITE = 1.45;
const OTHER_SIZE = 1.4;
/** Pieces of one row this far apart, in heights, may belong to different things. */
const FAR_APART = 2;

const NO_RULES = { across: [], down: [] };

/**
 * Puts lines in the order in which a person reads them: tables first found (ruled, then aligned), then columns, then rows from top
 * to bottom; columns of upright characters from right to left.
 */
export function layOut(
  items: readonly Item[],
  rules: { readonly across: readonly Rule[]; readonly down: readonly Rule[] } = NO_RULES,
): LaidOut {
  const ruled = ruledTables(items, rules);
  const tables = [...ruled, ...alignedTables(without(items, ruled))];
  const stands = tables.map((table, at) => standIn(table, at));
  const blocks = blocksOf([...without(items, tables), ...stands]);
  const page = writer();
  const unsure: number[] = [];
  for (const { items: block } of blocks) {
    for (const paragraph of paragraphsOf(block).flatMap(tablesApart)) {
      const [first] = paragraph.flat();
      const table = first && tables[-1 - first.line];
      page.newBlock();
      if (table) writeTable(table, page);
      else writeParagraph(paragraph, page, unsure);
    }
  }
  return { ...page.done(), unsure };
}

function without(items: readonly Item[], tables: readonly Table[]): Item[] {
  const inTable = new Set(tables.flatMap((table) => table.rows.flat(2)));
  return items.filter((item) => !inTable.has(item));
}

// A table takes part in the order as one item; its number is negative.
function standIn(table: Table, at: number): Item {
  const items = table.rows.flat(2);
  const [left, top] = [Math.min(...items.map((item) => item.left)), Math.min(...items.map((item) => item.top))];
  const [right, bottom] = [Math.max(...items.map((item) => item.right)), Math.max(...items.map((item) => item.bottom))];
  return { line: -1 - at, text: '', left, top, right, bottom, vertical: false };
}

// A table is a paragraph of its own, whatever stands beside it.
function tablesApart(rows: Item[][]): Item[][][] {
  const items = rows.flat();
  return items.some((item) => item.line < 0) ? items.map((item) => [[item]]) : [rows];
}

function paragraphsOf(block: readonly Item[]): Item[][][] {
  const isVertical = block.filter((item) => item.vertical).length * 2 > block.length;
  // Columns of upright characters come from right to left; each is a row of its own.
  if (isVertical) return [[...block].sort((a, b) => b.right - a.right).map((item) => [item])];
  const rows = rowsOf(block);
  const pitches = rows.slice(1).map((row, at) => topOf(row) - topOf(rows[at] ?? row));
  const usual = median(pitches, 0);
  const paragraphs: Item[][][] = [];
  for (const [at, row] of rows.entries()) {
    const before = rows[at - 1];
    if (!before || isApart(before, row, usual)) paragraphs.push([row]);
    else paragraphs.at(-1)?.push(row);
  }
  return paragraphs;
}

function isApart(before: readonly Item[], row: readonly Item[], usualPitch: number): boolean {
  const [above, here] = [characterHeight(before), characterHeight(row)];
  if (Math.max(above, here) > OTHER_SIZE * Math.min(above, here)) return true;
  const pitch = topOf(row) - topOf(before);
  return pitch > WIDER_WHITE * Math.max(usualPitch, 1.2 * here);
}

const topOf = (row: readonly Item[]) =>
  median(
    row.map((item) => item.bottom),
    0,
  );

function writeParagraph(rows: readonly (readonly Item[])[], page: Writer, unsure: number[]): void {
  for (const [at, row] of rows.entries()) {
    if (at > 0) page.write('\n');
    for (const [place, item] of row.entries()) {
      const before = row[place - 1];
      if (before) page.write(' ');
      if (before && item.left - before.right > FAR_APART * heightOf(item)) unsure.push(before.line, item.line);
      page.line(item.line, item.text);
    }
  }
}

function writeTable({ rows }: Table, page: Writer): void {
  for (const [at, row] of rows.entries()) {
    page.write(at > 0 ? '\n|' : '|');
    for (const cell of row) {
      page.write(' ');
      for (const [place, item] of cell.entries()) {
        if (place > 0) page.write(joins(cell[place - 1]?.text ?? '', item.text) ? '' : ' ');
        page.line(item.line, item.text.replaceAll('|', '\\|'));
      }
      page.write(cell.length > 0 ? ' |' : '|');
    }
    if (at === 0) page.write(`\n|${' --- |'.repeat(row.length)}`);
  }
}

// Chinese has no spaces where a line goes on.
function joins(before: string, after: string): boolean {
  return isWide([...before].at(-1) ?? '') && isWide([...after][0] ?? '');
}

interface Writer {
  write(text: string): void;
  line(line: number, text: string): void;
  newBlock(): void;
  done(): { readonly text: string; readonly starts: readonly { readonly line: number; readonly start: number }[] };
}

function writer(): Writer {
  const starts: { line: number; start: number }[] = [];
  let text = '';
  let length = 0;
  const write = (more: string) => {
    text += more;
    length += [...more].length;
  };
  return {
    write,
    line(line, written) {
      starts.push({ line, start: length });
      write(written);
    },
    newBlock: () => length > 0 && write('\n\n'),
    done: () => ({ text, starts }),
  };
}
