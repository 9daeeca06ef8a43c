/** A cell of a table as it is written: it may reach over others. */
export interface Cell {
  readonly text: string;
  readonly columns: number;
  readonly rows: number;
}

const MOST_COLUMNS = 16_384;
/** Cells that only others reach over, in one table where nothing else is said: a few bytes could claim millions. */
const MOST_COVERED = 100_000;
/** A text that fills several cells is repeated in them up to this length; a longer one is pointed to. */
const REPEATED_CHARS = 40;
const FROM_LEFT = '←';
const FROM_ABOVE = '↑';

/**
 * Puts cells in their places: one that reaches over others is repeated in them, so that every row can be understood by itself; a long
 * one is marked with an arrow to where it stands, and one as wide as the whole table (a title) stands once. `budget`
 * is used up; then cells reach over no others.
 */
export function gridOf(rows: readonly (readonly Cell[])[], budget = { covered: MOST_COVERED }): string[][] {
  const grid: string[][] = rows.map(() => []);
  const widest = Math.max(1, ...rows.map((row) => row.reduce((sum, cell) => sum + cell.columns, 0)));
  for (const [y, row] of rows.entries()) {
    let x = 0;
    for (const cell of row) {
      while (grid[y]?.[x] !== undefined) x += 1;
      let columns = Math.max(1, Math.min(cell.columns, MOST_COLUMNS - x));
      let height = Math.max(1, Math.min(cell.rows, rows.length - y));
      if (columns * height - 1 > budget.covered) columns = height = 1;
      budget.covered -= columns * height - 1;
      const wide = columns >= widest;
      for (let down = 0; down < height; down++) {
        for (let right = 0; right < columns; right++) {
          const line = grid[y + down] as string[];
          line[x + right] ??= filler(cell.text, right, down, wide);
        }
      }
      x += columns;
    }
  }
  return grid;
}

/** What stands in a cell that another one reaches over, `right` and `down` of where it begins. */
export function filler(text: string, right: number, down: number, wide: boolean): string {
  if (right === 0 && down === 0) return text;
  if (wide && right > 0) return '';
  if (text.length <= REPEATED_CHARS) return text;
  return down > 0 ? FROM_ABOVE : FROM_LEFT;
}

/** Above this a table is written as CSV: the lines of a Markdown table would cost more than they help. */
const MOST_MARKDOWN_CELLS = 4_000;
const MOST_MARKDOWN_COLUMNS = 40;

/** A table as Markdown, its first row as the head; as lines of CSV in a fence where it is large. Empty where nothing is in it. */
export function tableText(grid: readonly (readonly string[])[]): string {
  const rows = trimmed(grid);
  const columns = widthOf(rows);
  if (rows.length === 0 || columns === 0) return '';
  if (rows.length * columns > MOST_MARKDOWN_CELLS || columns > MOST_MARKDOWN_COLUMNS) {
    return `\`\`\`csv\n${rows.map((row) => csvRow(row, columns)).join('\n')}\n\`\`\``;
  }
  const line = (cells: readonly string[]) =>
    `| ${Array.from({ length: columns }, (_, index) => cellText(cells[index] ?? '')).join(' | ')} |`;
  const [head = [], ...rest] = rows;
  return [line(head), `|${' --- |'.repeat(columns)}`, ...rest.map(line)].join('\n');
}

function widthOf(rows: readonly (readonly string[])[]): number {
  let most = 0;
  for (const row of rows) most = Math.max(most, row.length);
  return most;
}

function cellText(text: string): string {
  return text
    .trim()
    .replaceAll('|', '\\|')
    .replaceAll(/\s*\n\s*/g, '<br>');
}

/** A row of CSV (RFC 4180), as wide as the table. A fence cannot end in it. */
function csvRow(row: readonly string[], columns: number): string {
  const cells = Array.from({ length: columns }, (_, index) => {
    const text = (row[index] ?? '').trim().replaceAll('```', "'''");
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  });
  return cells.join(',');
}

// Rows and columns with nothing in them at the ends, and columns at the left, say nothing.
function trimmed(grid: readonly (readonly string[])[]): (readonly string[])[] {
  let from = 0;
  let to = grid.length;
  while (from < to && isEmpty(grid[from])) from += 1;
  while (to > from && isEmpty(grid[to - 1])) to -= 1;
  const rows = grid.slice(from, to);
  let left = Number.POSITIVE_INFINITY;
  let right = 0;
  for (const row of rows) {
    for (const [x, text] of row.entries()) {
      if (text === undefined || text.trim() === '') continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
    }
  }
  return rows.map((row) => row.slice(left, right));
}

function isEmpty(row: readonly string[] | undefined): boolean {
  return row === undefined || row.every((text) => text === undefined || text.trim() === '');
}
