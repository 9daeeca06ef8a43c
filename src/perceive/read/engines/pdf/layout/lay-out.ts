import type { PdfPage, TextRun } from '#runtime/pdf/page.ts';
import { type Band, bandsOf } from './bands.ts';
import { type Around, type Block, blocksOf } from './blocks.ts';
import { hyphenated, joinLines, withoutTypesetHyphens } from './join.ts';
import { type Row, rowsOf, rowText } from './rows.ts';
import { tableMarkdown } from './table.ts';
import { uprightRuns } from './turn.ts';
import { verticalBlocks } from './vertical.ts';

/** What is known from other pages. */
export interface Known extends Omit<Around, 'hyphenated'> {
  /** Rows to leave out because other pages have them too. */
  readonly repeated: (rows: readonly Row[]) => ReadonlySet<Row>;
}

/** Columns in columns in columns are as deep as this looks. */
const MAX_DEPTH = 3;

/** A page's text as Markdown in reading order. */
export function layOut(page: PdfPage, runs: readonly TextRun[], known: Known): string {
  const { main, aside } = uprightRuns(page, runs);
  const all = rowsOf(
    main.filter((run) => !run.vertical),
    page.rulings,
  );
  const repeated = known.repeated(all);
  const rows = all.filter((row) => !repeated.has(row));
  const around: Around = { ...known, hyphenated: hyphenated(all.map(rowText)) };
  const blocks = [
    ...regionBlocks(rows, page, around, 0),
    ...verticalBlocks(main.filter((run) => run.vertical)),
    ...aside.flatMap((turned) => blocksOf(rowsOf(turned), around)),
  ];
  return withoutTypesetHyphens(joined(blocks)).trim().normalize('NFC');
}

function regionBlocks(rows: readonly Row[], page: PdfPage, around: Around, depth: number): Block[] {
  return bandsOf(rows, page.rulings).flatMap((band) => bandBlocks(band, page, around, depth));
}

function bandBlocks(band: Band, page: PdfPage, around: Around, depth: number): Block[] {
  if (band.kind === 'plain') return blocksOf(band.rows, around);
  if (band.kind === 'table') return [{ kind: 'table', text: tableMarkdown(band, page.rulings, around.hyphenated) }];
  const columns = band.columns.map((pieces) => {
    const rows = rowsOf(
      pieces.flatMap((piece) => piece.runs),
      page.rulings,
    );
    return depth < MAX_DEPTH ? regionBlocks(rows, page, around, depth + 1) : blocksOf(rows, around);
  });
  return columns.reduce((before, after) => continued(before, after, around), []);
}

const ENDED = /[.!?:。！？：；”"')）]$/;

// A paragraph may go on at the top of the next column.
function continued(before: readonly Block[], after: readonly Block[], { hyphenated: known }: Around): Block[] {
  const last = before.at(-1);
  const [first, ...rest] = after;
  if (
    last?.kind !== 'paragraph' ||
    first?.kind !== 'paragraph' ||
    ENDED.test(last.text) ||
    /^[\p{Lu}\p{N}\\]/u.test(first.text)
  ) {
    return [...before, ...after];
  }
  return [...before.slice(0, -1), { kind: 'paragraph', text: joinLines(last.text, first.text, known) }, ...rest];
}

function joined(blocks: readonly Block[]): string {
  let text = '';
  for (const [index, block] of blocks.entries()) {
    const tight = isSameList(blocks[index - 1], block);
    text += `${index === 0 ? '' : tight ? '\n' : '\n\n'}${block.text}`;
  }
  return text;
}

// Two lists of another kind in a row would be one in Markdown.
function isSameList(before: Block | undefined, after: Block): boolean {
  if (before?.kind !== 'item' || after.kind !== 'item') return false;
  const [one, other] = [before.text, after.text].map((text) => ({
    nested: text.startsWith(' '),
    bullet: text.trimStart().startsWith('-'),
  }));
  return one?.nested === true || other?.nested === true || one?.bullet === other?.bullet;
}
