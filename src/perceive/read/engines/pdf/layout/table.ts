import type { Box } from '#runtime/pdf/page.ts';
import { type Band, columnOf, horizontalsIn } from './bands.ts';
import { joinLines } from './join.ts';
import type { Row } from './rows.ts';

type TableBand = Extract<Band, { kind: 'table' }>;

/** Lines of one cell are closer than this many times the size; rows of a table without lines are mostly further apart. */
const CELL_LINE_GAP = 0.35;

/** A table as Markdown: its first row becomes the heading. Lines of one cell are joined. */
export function tableMarkdown(
  { rows, gutters }: TableBand,
  rulings: readonly Box[],
  known: ReadonlySet<string>,
): string {
  const heights = horizontalsIn(rows, rulings);
  const ruled = heights.length >= 2;
  const cells: string[][] = [];
  let above: Row | undefined;
  for (const row of rows) {
    const texts = Array.from({ length: gutters.length + 1 }, () => '');
    for (const piece of row.pieces) {
      const column = columnOf(piece, gutters);
      texts[column] = [texts[column], piece.text].filter((text) => text !== '').join(' ');
    }
    const last = cells.at(-1);
    if (last && above && continues(above, row, texts, ruled ? heights : null)) {
      for (const [column, text] of texts.entries()) {
        if (text === '') continue;
        const before = last[column] ?? '';
        last[column] = before === '' ? text : joinLines(before, text, known);
      }
    } else cells.push(texts);
    above = row;
  }
  const line = (texts: readonly string[]) => `| ${texts.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
  const [head = [], ...body] = cells;
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}

// With lines only what no line parts belongs together; without, what has no first cell and stands close.
function continues(above: Row, row: Row, texts: readonly string[], heights: readonly number[] | null): boolean {
  const close = row.top - above.bottom < CELL_LINE_GAP * row.sizePt;
  if (heights && heights.length > 3) {
    return !heights.some((height) => height > above.baseline && height < row.baseline);
  }
  return close && texts[0] === '';
}
