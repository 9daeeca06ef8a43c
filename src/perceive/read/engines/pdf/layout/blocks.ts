import { median } from '#kit/median.ts';
import { extentOf } from './bands.ts';
import { endsBroken, joinLines } from './join.ts';
import { type Row, rowText } from './rows.ts';

/** A heading, a paragraph, an item of a list or a table, as Markdown. */
export interface Block {
  readonly kind: 'heading' | 'paragraph' | 'item' | 'table';
  readonly text: string;
}

export interface Around {
  /** The size of most of the document's letters. */
  readonly bodyPt: number;
  /** Entries of the outline that lead to this page, `folded`, with their levels. */
  readonly outline: ReadonlyMap<string, number>;
  readonly hyphenated: ReadonlySet<string>;
}

/** Crafted files have entries of any length. */
const LONGEST_ENTRY = 1_000;
const LED = ' … ';
const IS_LED = / … \S{0,8}$/u;

interface Line {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly baseline: number;
  readonly sizePt: number;
  readonly bold: boolean;
}

/** How much larger than the body a heading of each level is, at least. */
const LEVELS = [1.6, 1.3, 1.12] as const;
const BOLD_LEVEL = 4;
const MAX_HEADING_CHARS = 200;
const MAX_BOLD_HEADING_CHARS = 90;
const PARAGRAPH_GAP = 1.3;
const INDENT = 0.9;
/** A line in another fount may differ by less and be of the same paragraph. */
const OTHER_SIZE = 0.15;
/** Dots that lead to the number of a page, at the end of an entry. */
const LEADER = /(?:\s?[.·…]){4,}\s*(?=\S{0,8}$)/u;
const BULLET = /^[•‣◦▪●○■□◆❖➢✓▸►·∙]\s*|^[*–—-]\s+/;
const NUMBER = /^\(?\d{1,3}[.)]\s+(?=\S)/;
/** Numbered in Chinese, or with full-width brackets: a paragraph of its own. */
const WIDE_NUMBER = /^([（(]?[一二三四五六七八九十]{1,3}[）)、.．]|（\d{1,3}）|\d{1,3}、|[①-⑳])/;
const ENDS_SENTENCE = /[.,;:!?。，；：！？、…]$/;

/** Plain rows from the top down as headings, paragraphs and lists. */
export function blocksOf(rows: readonly Row[], around: Around): Block[] {
  const lines = rows.map(lineOf);
  const pitches = lines.slice(1).map((line, index) => line.baseline - (lines[index]?.baseline ?? 0));
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; ) {
    const level = headingLevel(lines, at, pitches, around);
    const end = level === null ? chunkEnd(lines, at, pitches, around) : headingEnd(lines, at, level, pitches, around);
    const chunk = lines.slice(at, end);
    if (level === null) blocks.push(...paragraphsOf(chunk, around));
    else {
      const text = chunk.map((line) => line.text).reduce((all, more) => joinLines(all, more, around.hyphenated));
      blocks.push({ kind: 'heading', text: `${'#'.repeat(level)} ${text}` });
    }
    at = end;
  }
  return blocks;
}

function lineOf(row: Row): Line {
  const text = rowText(row);
  return {
    text: text.length > LONGEST_ENTRY ? text : text.replace(LEADER, LED),
    left: row.pieces[0]?.left ?? 0,
    right: row.pieces.at(-1)?.right ?? 0,
    baseline: row.baseline,
    sizePt: row.sizePt,
    bold: row.bold,
  };
}

function headingLevel(
  lines: readonly Line[],
  at: number,
  pitches: readonly number[],
  { bodyPt, outline }: Around,
): number | null {
  const line = lines[at];
  if (!line || !/[\p{L}\p{N}]/u.test(line.text) || IS_LED.test(line.text)) return null;
  if (line.text.length > MAX_HEADING_CHARS) return null;
  const entry = outline.get(folded(line.text));
  if (entry !== undefined) return Math.min(6, entry);
  const ratio = line.sizePt / bodyPt;
  const level = LEVELS.findIndex((least) => ratio >= least);
  if (level >= 0) return level + 1;
  const next = lines[at + 1];
  const alone = at === 0 || (pitches[at - 1] ?? 0) > 1.25 * line.sizePt;
  const bold = line.bold && ratio > 0.95 && !(next?.bold ?? false) && alone && next !== undefined;
  const short = line.text.length <= MAX_BOLD_HEADING_CHARS && !ENDS_SENTENCE.test(line.text) && !BULLET.test(line.text);
  return bold && short ? BOLD_LEVEL : null;
}

/** Letters and digits alone, in small letters. */
export function folded(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '');
}

function headingEnd(
  lines: readonly Line[],
  at: number,
  level: number,
  pitches: readonly number[],
  around: Around,
): number {
  const first = lines[at];
  let end = at + 1;
  while (first && level < BOLD_LEVEL) {
    const line = lines[end];
    const near = (pitches[end - 1] ?? Number.POSITIVE_INFINITY) < 1.6 * first.sizePt;
    const same = line && Math.abs(line.sizePt - first.sizePt) < 0.05 * first.sizePt && line.bold === first.bold;
    if (!near || !same || headingLevel(lines, end, pitches, around) !== level) break;
    end += 1;
  }
  return end;
}

// As far as lines follow each other closely in one size.
function chunkEnd(lines: readonly Line[], at: number, pitches: readonly number[], around: Around): number {
  let end = at + 1;
  for (; end < lines.length; end += 1) {
    const [above, line] = [lines[end - 1], lines[end]];
    if (!above || !line || headingLevel(lines, end, pitches, around) !== null) break;
    if (Math.abs(line.sizePt - above.sizePt) > OTHER_SIZE * above.sizePt) break;
    const near = pitches.slice(at, end - 1);
    const usual = near.length > 0 ? median(near, 0) : usualPitch(pitches, line.sizePt);
    if ((pitches[end - 1] ?? 0) > PARAGRAPH_GAP * usual) break;
  }
  return end;
}

function usualPitch(pitches: readonly number[], sizePt: number): number {
  const near = pitches.filter((pitch) => pitch > 0.8 * sizePt && pitch < 2.2 * sizePt);
  return median(near, 1.5 * sizePt);
}

function paragraphsOf(lines: readonly Line[], { hyphenated }: Around): Block[] {
  const { left, right } = extentOf(lines);
  const blocks: Block[] = [];
  // Where the marks of lists stand, the outer ones first.
  let marks: number[] = [];
  let text: string | null = null;
  let kind: 'paragraph' | 'item' = 'paragraph';
  let above: Line | undefined;
  const flush = () => {
    if (text !== null) blocks.push({ kind, text: kind === 'item' ? text : escaped(text) });
    text = null;
  };
  for (const line of lines) {
    const mark = BULLET.exec(line.text)?.[0] ?? NUMBER.exec(line.text)?.[0];
    if (mark !== undefined) {
      flush();
      marks = [...marks.filter((known) => known < line.left - 0.5 * line.sizePt), line.left];
      const written = BULLET.test(line.text) ? '-' : mark.trim();
      text = `${'  '.repeat(marks.length - 1)}${written} ${line.text.slice(mark.length)}`;
      kind = 'item';
    } else if (text === null || above === undefined || begins(line, above, { left, right, kind, mark: marks.at(-1) })) {
      flush();
      marks = [];
      text = line.text;
      kind = 'paragraph';
    } else text = joinLines(text, line.text, hyphenated);
    above = line;
  }
  flush();
  return blocks;
}

interface Measure {
  readonly left: number;
  readonly right: number;
  readonly kind: 'paragraph' | 'item';
  readonly mark: number | undefined;
}

// A line begins something new when the word it begins with would have had room on the line above, or when it is set in.
function begins(line: Line, above: Line, { left, right, kind, mark }: Measure): boolean {
  if (WIDE_NUMBER.test(line.text) || IS_LED.test(above.text)) return true;
  if (endsBroken(above.text) && /^\p{Ll}/u.test(line.text)) return false;
  const size = line.sizePt;
  if (kind === 'paragraph' && line.left > left + INDENT * size && above.left < left + 0.5 * INDENT * size) return true;
  const firstWord = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(line.text)
    ? 2.2 * size
    : ((line.text.indexOf(' ') < 0 ? line.text.length : line.text.indexOf(' ')) * (line.right - line.left)) /
      line.text.length;
  const hasRoom = right - above.right > firstWord + 0.4 * size;
  if (kind === 'item' && mark !== undefined) {
    if (line.left > mark + 0.5 * size) return false;
    if (line.left < mark - 0.5 * size || /[.!?。！？]$/.test(above.text)) return true;
  }
  return hasRoom;
}

// What would be a heading in Markdown, and is none here.
function escaped(text: string): string {
  return text.replace(/^(?=#{1,6}(\s|$))/, '\\');
}
