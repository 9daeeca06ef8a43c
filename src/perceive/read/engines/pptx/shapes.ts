import { drawnPieces } from '../../files/drawing.ts';
import { equationText } from '../../files/equation.ts';
import { type Cell, gridOf, tableText } from '../../files/grid.ts';
import { inlineOf, linkTo, plainBlock, type Run } from '../../files/inline.ts';
import { alternativeText, type Relations } from '../../files/ooxml.ts';
import { type Piece, pieceList } from '../../files/pieces.ts';
import { attribute, children, descendants, type Element, find, relationId, textOf } from '../../files/tree.ts';
import { WORDS } from '../../files/words.ts';

/** What a slide shows. `embedded` counts films, sounds and objects of other programs, which are not opened. */
export interface SlideContent {
  readonly title: string | null;
  readonly pieces: readonly Piece[];
  readonly embedded: number;
}

const OUTLINED: ReadonlySet<string> = new Set(['body', 'obj', 'subTitle']);
const REPEATED: ReadonlySet<string> = new Set(['sldNum', 'dt', 'ftr', 'hdr']);

/** The shapes of a slide in their order, which is that of reading aloud; the title goes apart. */
export function slideContent(tree: Element | undefined, relations: Relations, language: 'en' | 'zh'): SlideContent {
  const list = pieceList();
  const names = new Map<string, string>();
  const joined: { from: string; to: string }[] = [];
  let title: string | null = null;
  let embedded = 0;

  const walk = (shape: Element): void => {
    const properties = children(shape).find(({ name }) => /^nv\w+Pr$/.test(name));
    const drawing = find(properties, 'cNvPr');
    if (drawing?.attributes.hidden === '1') return;
    switch (shape.name) {
      case 'grpSp':
        for (const child of children(shape)) walk(child);
        return;
      case 'sp': {
        const placeholder = find(properties, 'nvPr', 'ph');
        const kind = placeholder ? (placeholder.attributes.type ?? 'obj') : null;
        if (kind !== null && REPEATED.has(kind)) return;
        const body = find(shape, 'txBody');
        const text = textOfShape(body);
        names.set(drawing?.attributes.id ?? '', text);
        if ((kind === 'title' || kind === 'ctrTitle') && title === null && text !== '') title = text;
        else addText(body, relations, kind !== null && OUTLINED.has(kind), list);
        list.add(...drawnPieces(shape, drawing, relations));
        if (text === '') addAlternative(drawing);
        return;
      }
      case 'pic':
        list.add(...drawnPieces(shape, drawing, relations));
        if ([...descendants(properties, 'videoFile'), ...descendants(properties, 'audioFile')].length > 0)
          embedded += 1;
        return;
      case 'graphicFrame': {
        const table = [...descendants(shape, 'tbl')][0];
        if (table) list.add(tableOf(table, relations));
        const pieces = drawnPieces(shape, drawing, relations);
        list.add(...pieces);
        if ([...descendants(shape, 'oleObj')].length > 0) embedded += 1;
        if (!table && pieces.length === 0) addAlternative(drawing);
        return;
      }
      case 'cxnSp': {
        const ends = find(properties, 'cNvCxnSpPr');
        const from = find(ends, 'stCxn')?.attributes.id;
        const to = find(ends, 'endCxn')?.attributes.id;
        if (from !== undefined && to !== undefined) joined.push({ from, to });
      }
    }
  };
  const addAlternative = (drawing: Element | undefined) => {
    const alt = alternativeText(drawing);
    if (alt !== '') list.add(`![${alt}]`);
  };

  for (const shape of children(tree)) walk(shape);
  const { connected, colon } = WORDS[language];
  const arrows = joined
    .map(({ from, to }) => [names.get(from) ?? '', names.get(to) ?? ''] as const)
    .filter(([from, to]) => from !== '' && to !== '')
    .map(([from, to]) => `${from} → ${to}`);
  if (arrows.length > 0) list.add(`${connected}${colon}${arrows.join('; ')}`);
  return { title, pieces: list.pieces, embedded };
}

function textOfShape(body: Element | undefined): string {
  return children(body, 'p')
    .map((paragraph) => inlineOf(runsOf(paragraph, new Map())).replaceAll('**', ''))
    .join(' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** Adds the paragraphs of a text body; those of an outline, or with a bullet of their own, as a list. */
export function addText(
  body: Element | undefined,
  relations: Relations,
  isOutline: boolean,
  list: ReturnType<typeof pieceList>,
): void {
  const numbers: number[] = [];
  const paragraphs = children(body, 'p').filter((each) => inlineOf(runsOf(each, relations)).trim() !== '');
  for (const paragraph of paragraphs) {
    const properties = find(paragraph, 'pPr');
    const level = Math.min(8, Math.max(0, Number(properties?.attributes.lvl ?? 0) || 0));
    const numbered = find(properties, 'buAutoNum');
    const bulleted = find(properties, 'buChar') ?? find(properties, 'buBlip');
    const isItem =
      !find(properties, 'buNone') && (numbered || bulleted || level > 0 || (isOutline && paragraphs.length > 1));
    const text = inlineOf(runsOf(paragraph, relations)).trim();
    numbers.length = Math.min(numbers.length, level + 1);
    if (!isItem) {
      list.add(plainBlock(text));
      continue;
    }
    if (numbered) numbers[level] = (numbers[level] ?? Number(numbered.attributes.startAt ?? 1) - 1) + 1;
    const indent = '  '.repeat(level);
    list.addItem(`${indent}${numbered ? `${numbers[level]}.` : '-'} ${text.replaceAll('\n', `\n${indent}  `)}`);
  }
}

function runsOf(paragraph: Element, relations: Relations): Run[] {
  const runs: Run[] = [];
  const walk = (parent: Element) => {
    for (const child of children(parent)) {
      if (child.name === 'r' || child.name === 'fld') {
        const properties = find(child, 'rPr');
        const baseline = Number(properties?.attributes.baseline ?? 0);
        const strike = properties?.attributes.strike ?? 'noStrike';
        const link = relations.get(relationId(find(properties, 'hlinkClick'), 'id') ?? '');
        runs.push({
          text: textOf(find(child, 't')),
          bold: /^(1|true)$/.test(properties?.attributes.b ?? ''),
          strike: strike !== 'noStrike',
          script: baseline > 0 ? 'super' : baseline < 0 ? 'sub' : null,
          link: link?.external ? linkTo(link.target) : null,
        });
      } else if (child.name === 'br') runs.push({ text: '\n' });
      else if (child.name === 'oMath' || child.name === 'oMathPara') runs.push({ text: equationText(child) });
      else if (!/Pr$/.test(child.name)) walk(child);
    }
  };
  walk(paragraph);
  return runs;
}

function tableOf(table: Element, relations: Relations): string {
  const rows = children(table, 'tr').map((row) =>
    children(row, 'tc')
      .filter(({ attributes }) => attributes.hMerge !== '1' && attributes.vMerge !== '1')
      .map((cell): Cell => {
        const text = children(find(cell, 'txBody'), 'p')
          .map((paragraph) => inlineOf(runsOf(paragraph, relations)).trim())
          .join('\n');
        return { text, columns: spanOf(attribute(cell, 'gridSpan')), rows: spanOf(attribute(cell, 'rowSpan')) };
      }),
  );
  return tableText(gridOf(rows));
}

// Word has 63 columns at most, PowerPoint 75.
function spanOf(text: string | undefined): number {
  const span = Number(text ?? 1);
  return Number.isSafeInteger(span) && span > 0 ? Math.min(span, 100) : 1;
}
