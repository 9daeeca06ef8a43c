import { drawnPieces } from '../../files/drawing.ts';
import { equationText } from '../../files/equation.ts';
import { type Cell, gridOf, tableText } from '../../files/grid.ts';
import { inlineOf, linkTo, plainBlock, type Run } from '../../files/inline.ts';
import type { Relations } from '../../files/ooxml.ts';
import { PAGE_BREAK, type Piece, pieceList } from '../../files/pieces.ts';
import { attribute, children, descendants, type Element, find, isOn, relationId, textOf } from '../../files/tree.ts';
import { WORDS } from '../../files/words.ts';
import type { Lists } from './lists.ts';
import { lookOf, outlineOf, type ParagraphStyle } from './styles.ts';
import { symbolText } from './symbols.ts';

/** What was met that a reader of the text should know of. */
export interface Counts {
  inserted: number;
  deleted: number;
  hidden: number;
  textBoxes: number;
  embedded: number;
  symbols: number;
}

/** A text of the document (its body, a header, a footnote) with what its paragraphs refer to. */
export interface Story {
  readonly language: 'en' | 'zh';
  readonly relations: Relations;
  readonly lists: Lists;
  readonly counts: Counts;
  styleOf(id: string | undefined): ParagraphStyle;
  /** The number a footnote, endnote or comment gets; it is told at the end of its page. */
  numberOf(kind: 'footnote' | 'endnote' | 'comment', id: string): number;
}

type Style = Omit<Run, 'text'>;
type Break = typeof PAGE_BREAK;

/** The pieces of a body, cell, text box or note: paragraphs and tables in order. */
export function storyPieces(parent: Element, story: Story): Piece[] {
  const list = pieceList();
  for (const block of blocksIn(parent)) addBlock(block, story, list);
  return list.pieces;
}

function* blocksIn(parent: Element): Generator<Element> {
  for (const child of children(parent)) {
    if (child.name === 'p' || child.name === 'tbl') yield child;
    else if (child.name === 'sdt' || child.name === 'sdtContent' || child.name === 'ins' || child.name === 'customXml')
      yield* blocksIn(child);
  }
}

/** Adds the pieces of one paragraph or table. */
export function addBlock(block: Element, story: Story, list: ReturnType<typeof pieceList>): void {
  if (block.name === 'tbl') list.add(...tablePieces(block, story));
  else addParagraph(block, story, list);
}

function addParagraph(paragraph: Element, story: Story, list: ReturnType<typeof pieceList>): void {
  const properties = find(paragraph, 'pPr');
  const style = story.styleOf(attribute(find(properties, 'pStyle'), 'val'));
  if (isOn(find(properties, 'pageBreakBefore'))) list.add(PAGE_BREAK);
  const { parts, after } = contentOf(paragraph, story);
  const heading = outlineOf(properties) ?? style.heading ?? (style.isTitle ? 1 : null);
  const item = itemOf(properties, style, story, parts);
  let isFirst = true;
  for (const part of parts) {
    if (part === PAGE_BREAK) {
      list.add(part);
      continue;
    }
    const text = inlineOf(part).trim();
    if (text === '') continue;
    const before = isFirst && item ? item.marker : '';
    const gap = before === '' || /[、．）〕】：]$/.test(before) ? '' : ' ';
    if (heading !== null)
      list.add(`${'#'.repeat(heading)} ${before}${gap}${text.replaceAll('**', '').replaceAll(/\s*\n\s*/g, ' ')}`);
    else if (before !== '' && item) {
      const indent = '  '.repeat(item.level);
      list.addItem(`${indent}${before}${gap}${text.replaceAll('\n', `\n${indent}  `)}`);
    } else list.add(plainBlock(text));
    isFirst = false;
  }
  list.add(...after);
  const section = find(properties, 'sectPr');
  if (section && !/^(continuous|nextColumn)$/.test(attribute(find(section, 'type'), 'val') ?? '')) list.add(PAGE_BREAK);
}

function itemOf(
  properties: Element | undefined,
  style: ParagraphStyle,
  story: Story,
  parts: readonly (Run[] | Break)[],
) {
  const own = find(properties, 'numPr');
  const numId = attribute(find(own, 'numId'), 'val') ?? style.numId;
  const level = Number(attribute(find(own, 'ilvl'), 'val') ?? style.level);
  if (numId === undefined || numId === '0' || !(level >= 0 && level < 9)) return null;
  // An empty paragraph in a list has its number too, but nobody sees what it is for.
  const isEmpty = parts.every((part) => part === PAGE_BREAK || part.every((run) => run.text.trim() === ''));
  return isEmpty ? null : story.lists.next(numId, level);
}

/** The runs of a paragraph between its page breaks, and what hangs on it. */
function contentOf(paragraph: Element, story: Story): { parts: (Run[] | Break)[]; after: Piece[] } {
  let runs: Run[] = [];
  const parts: (Run[] | Break)[] = [runs];
  const after: Piece[] = [];
  const { counts } = story;

  const walk = (node: Element, style: Style): void => {
    for (const child of children(node)) step(child, style);
  };
  const step = (node: Element, style: Style): void => {
    switch (node.name) {
      case 'pPr':
      case 'rPr':
      case 'instrText':
      case 'sdtPr':
      case 'delText':
        return;
      case 'del':
      case 'moveFrom':
        if ([...descendants(node, 'delText'), ...descendants(node, 't'), ...descendants(node, 'drawing')].length > 0)
          counts.deleted += 1;
        return;
      case 'ins':
      case 'moveTo':
        if ([...descendants(node, 'r')].length > 0) counts.inserted += 1;
        walk(node, style);
        return;
      case 'hyperlink': {
        const relation = story.relations.get(relationId(node, 'id') ?? '');
        walk(node, { ...style, link: relation?.external ? linkTo(relation.target) : null });
        return;
      }
      case 'r': {
        const { hidden, ...look } = lookOf(find(node, 'rPr'));
        if (!hidden) walk(node, { ...style, ...look });
        else if ([...descendants(node, 't')].some((text) => textOf(text) !== '')) counts.hidden += 1;
        return;
      }
      case 't':
        runs.push({ text: textOf(node), ...style });
        return;
      case 'tab':
      case 'ptab':
        runs.push({ text: '\t', ...style });
        return;
      case 'noBreakHyphen':
        runs.push({ text: '-', ...style });
        return;
      case 'br':
        if (attribute(node, 'type') === 'page') {
          runs = [];
          parts.push(PAGE_BREAK, runs);
        } else runs.push({ text: '\n', ...style });
        return;
      case 'cr':
        runs.push({ text: '\n', ...style });
        return;
      case 'sym': {
        const text = symbolText(attribute(node, 'font') ?? '', attribute(node, 'char') ?? '');
        if (text === null) counts.symbols += 1;
        runs.push({ text: text ?? '\ufffd', ...style });
        return;
      }
      case 'ruby':
        walk(find(node, 'rubyBase') ?? node, style);
        runs.push({ text: `(${[...descendants(find(node, 'rt'), 't')].map(textOf).join('')})`, ...style });
        return;
      case 'footnoteReference':
      case 'endnoteReference': {
        const kind = node.name === 'footnoteReference' ? 'footnote' : 'endnote';
        runs.push({ text: `[^${story.numberOf(kind, attribute(node, 'id') ?? '')}]` });
        return;
      }
      case 'commentReference':
        runs.push({
          text: `[${WORDS[story.language].comment} ${story.numberOf('comment', attribute(node, 'id') ?? '')}]`,
        });
        return;
      case 'oMath':
        runs.push({ text: equationText(node), ...style });
        return;
      case 'drawing':
      case 'pict':
      case 'object':
        after.push(...drawn(node));
        return;
      default:
        walk(node, style);
    }
  };
  const drawn = (node: Element): Piece[] => {
    const frame = children(node)[0];
    const properties = find(frame, 'docPr') ?? [...descendants(node, 'docPr')][0];
    const pieces = drawnPieces(node, properties, story.relations);
    for (const box of descendants(node, 'txbxContent')) {
      counts.textBoxes += 1;
      pieces.push(...storyPieces(box, story).filter((piece) => piece !== PAGE_BREAK));
    }
    if ([...descendants(node, 'OLEObject')].length > 0) counts.embedded += 1;
    return pieces;
  };
  walk(paragraph, {});
  return { parts, after };
}

interface PlacedCell {
  readonly x: number;
  readonly text: string;
  readonly columns: number;
  readonly continues: boolean;
}

function tablePieces(table: Element, story: Story): Piece[] {
  const after: Piece[] = [];
  const rows: PlacedCell[][] = [];
  const cellOf = (cell: Element, x: number): PlacedCell => {
    const properties = find(cell, 'tcPr');
    const merge = find(properties, 'vMerge');
    const pieces = storyPieces(cell, story);
    after.push(...pieces.filter((piece) => typeof piece === 'object'));
    return {
      x,
      text: pieces.filter((piece) => typeof piece === 'string').join('\n'),
      columns: spanOf(attribute(find(properties, 'gridSpan'), 'val')),
      continues: merge !== undefined && attribute(merge, 'val') !== 'restart',
    };
  };
  const found = [...inRows(table, 'tr')];
  const [onlyRow] = found;
  const [onlyCell] = onlyRow ? [...inRows(onlyRow, 'tc')] : [];
  // A table of one cell is a frame around a text.
  if (found.length === 1 && onlyRow && onlyCell && [...inRows(onlyRow, 'tc')].length === 1)
    return storyPieces(onlyCell, story);
  for (const row of found) {
    const properties = find(row, 'trPr');
    if (find(properties, 'del')) {
      story.counts.deleted += 1;
      continue;
    }
    const cells: PlacedCell[] = [];
    const indent = Number(attribute(find(properties, 'gridBefore'), 'val') ?? 0);
    let x = indent > 0 ? spanOf(String(indent)) : 0;
    if (x > 0) cells.push({ x: 0, text: '', columns: x, continues: false });
    for (const cell of inRows(row, 'tc')) {
      const placed = cellOf(cell, x);
      cells.push(placed);
      x += placed.columns;
    }
    rows.push(cells);
  }
  return [tableText(gridOf(spanned(rows))), ...after];
}

function* inRows(parent: Element, name: string): Generator<Element> {
  for (const child of children(parent)) {
    if (child.name === name) yield child;
    else if (/^(sdt|sdtContent|ins|customXml)$/.test(child.name)) yield* inRows(child, name);
  }
}

// A cell that goes on below says so in each row below; here it reaches over them.
function spanned(rows: readonly PlacedCell[][]): Cell[][] {
  return rows.map((row, y) =>
    row
      .filter(({ continues }) => !continues || y === 0)
      .map(({ x, text, columns }) => {
        let height = 1;
        while (rows[y + height]?.some((below) => below.x === x && below.continues)) height += 1;
        return { text, columns, rows: height };
      }),
  );
}

// Word has 63 columns at most, PowerPoint 75.
function spanOf(text: string | undefined): number {
  const span = Number(text ?? 1);
  return Number.isSafeInteger(span) && span > 0 ? Math.min(span, 100) : 1;
}
