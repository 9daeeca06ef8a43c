import { saying } from '../../files/alternative.ts';
import { collapsed } from '../../files/cjk.ts';
import { type Cell, gridOf, tableText } from '../../files/grid.ts';
import { inlineOf, linkTo, plainBlock, type Run } from '../../files/inline.ts';
import { pictureMark } from '../../files/pictures.ts';
import type { FoundPicture } from '../../files/told.ts';
import { attribute, children, type Element, textOf } from '../../files/tree.ts';

/** Cells that others may reach over in one page. */
export const MOST_COVERED_CELLS = 500_000;

/** How HTML becomes blocks: which pictures it has (an id for each `src`), and the language of the words that are added. */
export interface HtmlOptions {
  readonly language: 'en' | 'zh';
  /** How many cells others may reach over in all tables together; used up. */
  readonly spans: { covered: number };
  /** The picture a `src` means; `null` where it cannot be had, such as one on the network. */
  pictureOf(src: string, alt: string): FoundPicture | null;
}

type Block = string | FoundPicture;
type Style = Omit<Run, 'text'>;

const BLOCKS: ReadonlySet<string> = new Set(
  'address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol option p pre root search section summary table tbody td tfoot th thead tr ul'.split(
    ' ',
  ),
);

/** The blocks of Markdown an element's content makes, in the order it stands. */
export function htmlBlocks(element: Element, options: HtmlOptions): Block[] {
  const blocks: Block[] = [];
  let runs: Run[] = [];
  const flush = () => {
    const text = inlineOf(collapsedRuns(runs))
      .replaceAll(/ *\n */g, '\n')
      .trim();
    if (text !== '') blocks.push(plainBlock(text));
    runs = [];
  };
  const walk = (node: Element | string, style: Style) => {
    if (typeof node === 'string') {
      runs.push({ text: node, ...style });
      return;
    }
    if (node.name === 'head' || node.name === 'rp') return;
    if (node.name === 'img') {
      const alt = saying(node.attributes.alt ?? '');
      const src = node.attributes.src ?? '';
      const found = options.pictureOf(src, alt);
      if (found) {
        flush();
        blocks.push(found);
      } else if (alt !== '') runs.push({ text: pictureMark(alt, options.language), ...style });
      return;
    }
    if (node.name === 'br') runs.push({ text: BREAK, ...style });
    else if (BLOCKS.has(node.name)) {
      flush();
      blocks.push(...blockOf(node, options));
    } else {
      const inner = styleOf(node, style);
      if (node.name === 'rt') runs.push({ text: '(', ...style });
      if (node.name === 'q') runs.push({ text: '"', ...style });
      runs.push(...formText(node, style));
      for (const child of node.children) walk(child, inner);
      if (node.name === 'q') runs.push({ text: '"', ...style });
      if (node.name === 'rt') runs.push({ text: ')', ...style });
    }
  };
  for (const child of element.children) walk(child, {});
  flush();
  return blocks;
}

// A line break that survives collapsing white space: a character of private use.
const BREAK = '\ue000';

function collapsedRuns(runs: readonly Run[]): Run[] {
  let end = ' ';
  return runs.map((run) => {
    let text = collapsed(run.text).replaceAll(/ ?\ue000 ?/g, '\n');
    if (/\s$/.test(end)) text = text.replace(/^ /, '');
    if (text !== '') end = text;
    return { ...run, text };
  });
}

function styleOf({ name, attributes }: Element, style: Style): Style {
  if (name === 'b' || name === 'strong') return { ...style, bold: true };
  if (name === 'i' || name === 'em') return { ...style, italic: true };
  if (name === 's' || name === 'del' || name === 'strike') return { ...style, strike: true };
  if (name === 'sup' || name === 'sub') return { ...style, script: name === 'sup' ? 'super' : 'sub' };
  if (name === 'a') return { ...style, link: linkTo(attributes.href) };
  return style;
}

function formText({ name, attributes }: Element, style: Style): Run[] {
  if (name !== 'input') return [];
  const type = attributes.type ?? 'text';
  if (type === 'checkbox' || type === 'radio')
    return [{ text: attributes.checked === undefined ? '☐ ' : '☑ ', ...style }];
  return type === 'hidden' || type === 'password' ? [] : [{ text: attributes.value ?? '', ...style }];
}

function blockOf(node: Element, options: HtmlOptions): Block[] {
  const { name } = node;
  const heading = /^h([1-6])$/.exec(name);
  if (heading) {
    const blocks = htmlBlocks(node, options);
    const text = blocks
      .filter((block) => typeof block === 'string')
      .join(' ')
      .replaceAll(/\s*\n\s*/g, ' ');
    const pictures = blocks.filter((block) => typeof block !== 'string');
    return text === '' ? pictures : [`${'#'.repeat(Number(heading[1]))} ${text}`, ...pictures];
  }
  if (name === 'hr') return ['---'];
  if (name === 'pre') return [fenced(textOf(node))];
  if (name === 'ul' || name === 'ol' || name === 'menu') return listOf(node, options, 0);
  if (name === 'table') return tableBlocks(node, options);
  if (name === 'blockquote')
    return htmlBlocks(node, options).map((block) => (typeof block === 'string' ? prefixed(block, '> ') : block));
  if (name === 'dd')
    return htmlBlocks(node, options).map((block) => (typeof block === 'string' ? `: ${block}` : block));
  return htmlBlocks(node, options);
}

function prefixed(text: string, prefix: string): string {
  return text.replaceAll(/^/gm, prefix);
}

function fenced(code: string): string {
  const text = code.replace(/^\n/, '').trimEnd();
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return text === '' ? '' : `${fence}\n${text}\n${fence}`;
}

// A list is one block, so that its items stand together; pictures in it come after it.
function listOf(list: Element, options: HtmlOptions, level: number): Block[] {
  const lines: string[] = [];
  const pictures: FoundPicture[] = [];
  let number = Number.parseInt(list.attributes.start ?? '1', 10);
  if (!Number.isSafeInteger(number)) number = 1;
  const indent = '  '.repeat(level);
  for (const item of children(list)) {
    if (/^(ul|ol|menu)$/.test(item.name)) {
      add(listOf(item, options, level + 1));
      continue;
    }
    const value = Number.parseInt(item.attributes.value ?? '', 10);
    if (Number.isSafeInteger(value)) number = value;
    const marker = list.name === 'ol' ? `${number}. ` : '- ';
    number += 1;
    const nested = children(item).filter(({ name }) => /^(ul|ol|menu)$/.test(name));
    const rest = { ...item, children: item.children.filter((child) => !nested.includes(child as Element)) };
    const blocks = htmlBlocks(rest, options);
    const text = blocks.filter((block) => typeof block === 'string').join('\n');
    pictures.push(...blocks.filter((block) => typeof block !== 'string'));
    if (text !== '') lines.push(indent + marker + text.replaceAll('\n', `\n${indent}  `));
    for (const inner of nested) add(listOf(inner, options, level + 1));
  }
  return [lines.join('\n'), ...pictures];

  function add(blocks: readonly Block[]): void {
    for (const block of blocks) {
      if (typeof block === 'string') lines.push(...(block === '' ? [] : [block]));
      else pictures.push(block);
    }
  }
}

function tableBlocks(table: Element, options: HtmlOptions): Block[] {
  const before: Block[] = [];
  const pictures: FoundPicture[] = [];
  const rows: Cell[][] = [];
  const walk = (node: Element) => {
    for (const child of children(node)) {
      if (child.name === 'tr') {
        rows.push(
          children(child)
            .filter(({ name }) => name === 'td' || name === 'th')
            .map(cellOf),
        );
      } else if (child.name === 'caption') before.push(...htmlBlocks(child, options));
      else walk(child);
    }
  };
  const cellOf = (cell: Element): Cell => {
    const blocks = htmlBlocks(cell, options);
    pictures.push(...blocks.filter((block) => typeof block !== 'string'));
    return {
      text: blocks.filter((block) => typeof block === 'string').join('\n'),
      columns: spanOf(attribute(cell, 'colspan')),
      rows: spanOf(attribute(cell, 'rowspan')),
    };
  };
  walk(table);
  // A table of one cell only puts something in its place.
  const [only] = rows[0] ?? [];
  if (rows.length === 1 && rows[0]?.length === 1) return [...before, only?.text ?? '', ...pictures];
  return [...before, tableText(gridOf(rows, options.spans)), ...pictures];
}

// The limits of HTML (4.9.11): 1,000 columns, 65,534 rows.
function spanOf(text: string | undefined): number {
  const span = Number.parseInt(text ?? '1', 10);
  return Number.isSafeInteger(span) && span > 0 ? Math.min(span, 1_000) : 1;
}
