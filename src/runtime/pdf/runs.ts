import { matrixAt } from './drawn.ts';
import { isSpace, isUnspaced, isWide, letterOf } from './letters.ts';
import { type Matrix, moved, movedBox } from './matrix.ts';
import type { Box, TextRun } from './page.ts';
import type { Pdfium } from './pdfium.ts';

/** One character as it stands on the page. `along` and `across` are where, in the direction its line runs and at right angles to it. */
interface Letter {
  readonly text: string;
  readonly box: Box;
  readonly along: number;
  readonly alongEnd: number;
  readonly across: number;
  readonly style: Style;
  readonly link: string | null;
  readonly mapped: boolean;
  /** A space came before it: one that is written, or one that a gap made. */
  readonly space: 'written' | 'gap' | null;
}

/** What all characters of a text object have in common. */
interface Style {
  readonly object: number;
  readonly sizePt: number;
  readonly angle: number;
  readonly bold: boolean;
  readonly hidden: boolean;
  readonly embedded: boolean;
}

export interface Surroundings {
  readonly upright: Matrix;
  readonly widthPt: number;
  readonly heightPt: number;
  readonly rulings: readonly Box[];
  readonly coveredText: ReadonlySet<number>;
  readonly links: readonly (Box & { readonly address: string })[];
}

/** No page that people read has more characters. */
const MAX_CHARACTERS = 60_000;
/** Nor more pieces: the densest tables have some thousands. */
const MAX_RUNS = 8_000;
/** Between words there is less than this many times the size, between columns more. */
const COLUMN_GAP = 1.2;
/** Letters of one line differ less in height than this many times the size. */
const SAME_LINE = 0.25;
const SAME_ANGLE = 0.05;
/** Letters of a vertical line are about their size apart. */
const VERTICAL_STEP = [0.7, 1.8] as const;
/** Not painted at all, or only used to cut (ISO 32000-1, table 106). */
const UNPAINTED_MODES: ReadonlySet<number> = new Set([3, 7]);
const BOLD_FROM_WEIGHT = 600;
const BOLD_NAME = /bold|black|heavy|semibold|demi/i;

/** The text of a page in runs, in the order of its content; characters outside the page are only counted. */
export function runsOf(
  pdfium: Pdfium,
  page: number,
  around: Surroundings,
): { runs: TextRun[]; outside: number; cut: boolean } {
  const textPage = pdfium.FPDFText_LoadPage(page);
  if (textPage === 0) return { runs: [], outside: 0, cut: false };
  try {
    const count = pdfium.FPDFText_CountChars(textPage);
    const letters = lettersOf(pdfium, textPage, Math.min(count, MAX_CHARACTERS), around);
    const inside = letters.filter(({ box }) => isInside(box, around));
    const runs = joined(inside, around);
    return {
      runs: runs.slice(0, MAX_RUNS),
      outside: letters.length - inside.length,
      cut: count > MAX_CHARACTERS || runs.length > MAX_RUNS,
    };
  } finally {
    pdfium.FPDFText_ClosePage(textPage);
  }
}

function lettersOf(pdfium: Pdfium, textPage: number, count: number, around: Surroundings): Letter[] {
  const { scratch } = pdfium;
  const { upright } = around;
  const letters: Letter[] = [];
  const styles = new Map<number, Style>();
  let space: Letter['space'] = null;
  let high = 0;
  for (let index = 0; index < count; index += 1) {
    let codePoint = pdfium.FPDFText_GetUnicode(textPage, index) >>> 0;
    if (codePoint >= 0xd800 && codePoint < 0xdc00) {
      high = codePoint;
      continue;
    }
    if (high !== 0 && codePoint >= 0xdc00 && codePoint < 0xe000)
      codePoint = 0x10000 + ((high - 0xd800) << 10) + (codePoint - 0xdc00);
    high = 0;
    if (isSpace(codePoint)) {
      const generated = pdfium.FPDFText_IsGenerated(textPage, index) === 1;
      space = generated ? (space ?? 'gap') : 'written';
      continue;
    }
    const object = pdfium.FPDFText_GetTextObject(textPage, index);
    let style = styles.get(object);
    if (!style) {
      style = styleOf(pdfium, textPage, index, object, around);
      styles.set(object, style);
    }
    pdfium.FPDFText_GetCharOrigin(textPage, index, scratch, scratch + 8);
    const [x, y] = moved(upright, pdfium.double(scratch), pdfium.double(scratch + 8));
    pdfium.FPDFText_GetLooseCharBox(textPage, index, scratch);
    // FS_RECTF: left, top, right, bottom.
    const box = movedBox(
      upright,
      pdfium.float(scratch),
      pdfium.float(scratch + 4),
      pdfium.float(scratch + 8),
      pdfium.float(scratch + 12),
    );
    const cos = Math.cos(style.angle);
    const sin = Math.sin(style.angle);
    const corners = [
      box.left * cos + box.top * sin,
      box.right * cos + box.top * sin,
      box.left * cos + box.bottom * sin,
      box.right * cos + box.bottom * sin,
    ];
    const text = pdfium.FPDFText_HasUnicodeMapError(textPage, index) === 1 ? null : letterOf(codePoint);
    letters.push({
      text: text ?? '\ufffd',
      box,
      along: Math.min(...corners),
      alongEnd: Math.max(...corners),
      across: y * cos - x * sin,
      style,
      link: linkAt(around.links, box),
      mapped: text !== null,
      space,
    });
    space = null;
  }
  return letters;
}

function styleOf(
  pdfium: Pdfium,
  textPage: number,
  index: number,
  object: number,
  { upright, coveredText }: Surroundings,
): Style {
  const { scratch } = pdfium;
  pdfium.FPDFText_GetMatrix(textPage, index, scratch);
  const { a, b, c, d } = matrixAt(pdfium, scratch);
  const font = object === 0 ? 0 : pdfium.FPDFTextObj_GetFont(object);
  // On the upright page, where y goes down.
  const [x, y] = [a * upright.a + b * upright.c, a * upright.b + b * upright.d];
  const sizePt = pdfium.FPDFText_GetFontSize(textPage, index) * Math.hypot(c, d);
  return {
    object,
    sizePt: Number.isFinite(sizePt) ? Math.max(0.1, sizePt) : 1,
    angle: Number.isFinite(x + y) ? Math.atan2(y, x) : 0,
    bold: font !== 0 && (pdfium.FPDFFont_GetWeight(font) >= BOLD_FROM_WEIGHT || BOLD_NAME.test(nameOf(pdfium, font))),
    hidden:
      coveredText.has(object) || (object !== 0 && UNPAINTED_MODES.has(pdfium.FPDFTextObj_GetTextRenderMode(object))),
    embedded: font !== 0 && pdfium.FPDFFont_GetIsEmbedded(font) === 1,
  };
}

function nameOf(pdfium: Pdfium, font: number): string {
  const length = Math.min(120, pdfium.FPDFFont_GetBaseFontName(font, pdfium.scratch, 120));
  return new TextDecoder().decode(pdfium.bytes(pdfium.scratch, Math.max(0, length - 1)));
}

function isInside({ left, top, right, bottom }: Box, { widthPt, heightPt }: Surroundings): boolean {
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  return x >= 0 && y >= 0 && x <= widthPt && y <= heightPt;
}

function linkAt(links: Surroundings['links'], { left, top, right, bottom }: Box): string | null {
  if (links.length === 0) return null;
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  return links.find((link) => x >= link.left && x <= link.right && y >= link.top && y <= link.bottom)?.address ?? null;
}

function joined(letters: readonly Letter[], around: Surroundings): TextRun[] {
  const runs: TextRun[] = [];
  let run: Letter[] = [];
  let vertical = false;
  const verticals = around.rulings.filter((box) => box.bottom - box.top > box.right - box.left);
  for (const letter of letters) {
    const last = run.at(-1);
    const below = last !== undefined && isBelow(last, letter) && (vertical || run.length === 1);
    const follows = last !== undefined && (vertical ? below : below || isNext(last, letter, verticals));
    if (!follows && run.length > 0) {
      runs.push(runOf(run, vertical));
      run = [];
      vertical = false;
    } else if (below) vertical = true;
    run.push(letter);
  }
  if (run.length > 0) runs.push(runOf(run, vertical));
  return runs;
}

function sameStyle(a: Letter, b: Letter): boolean {
  return (
    a.style.hidden === b.style.hidden &&
    a.style.bold === b.style.bold &&
    a.link === b.link &&
    Math.abs(a.style.angle - b.style.angle) < SAME_ANGLE &&
    Math.abs(a.style.sizePt - b.style.sizePt) < 0.1 * Math.max(a.style.sizePt, b.style.sizePt)
  );
}

function isNext(last: Letter, next: Letter, verticals: readonly Box[]): boolean {
  if (!sameStyle(last, next)) return false;
  const size = last.style.sizePt;
  if (Math.abs(last.across - next.across) > SAME_LINE * size) return false;
  // Right-to-left text goes the other way.
  const gap = Math.max(next.along - last.alongEnd, last.along - next.alongEnd);
  if (gap > COLUMN_GAP * size || gap < -2 * size) return false;
  if (gap <= 0) return true;
  const [from, to] = next.along >= last.along ? [last, next] : [next, last];
  const middle = (last.box.top + last.box.bottom) / 2;
  const between = verticals.some(
    ({ left, right, top, bottom }) =>
      left >= from.box.right - 0.5 && right <= to.box.left + 0.5 && top <= middle && bottom >= middle,
  );
  return !between;
}

function isBelow(last: Letter, next: Letter): boolean {
  if (last.style.object !== next.style.object || last.style.object === 0 || !isWide(next.text + last.text))
    return false;
  const size = last.style.sizePt;
  const step = (next.across - last.across) / size;
  const middles = Math.abs(next.along + next.alongEnd - last.along - last.alongEnd) / 2;
  return middles < 0.3 * size && step > VERTICAL_STEP[0] && step < VERTICAL_STEP[1];
}

function runOf(letters: readonly Letter[], vertical: boolean): TextRun {
  const [first] = letters;
  if (!first) throw new Error('a run has letters');
  let text = first.text;
  for (const [index, letter] of letters.entries()) {
    if (index === 0) continue;
    text += needsSpace(letters[index - 1]?.text ?? '', letter) ? ` ${letter.text}` : letter.text;
  }
  const box = around(letters);
  const { style } = first;
  const turn = turnOf(style.angle);
  return {
    ...box,
    text: text.normalize('NFC'),
    baseline: vertical ? (box.left + box.right) / 2 : first.across,
    sizePt: style.sizePt,
    bold: style.bold,
    turn,
    vertical,
    hidden: style.hidden,
    link: first.link,
    unmapped: letters.filter((letter) => !letter.mapped).length,
    shapeless: letters.filter((letter) => !letter.style.embedded && isWide(letter.text)).length,
  };
}

function needsSpace(before: string, letter: Letter): boolean {
  if (letter.space === null) return false;
  if (letter.space === 'written') return true;
  return !(isUnspaced(before) || isUnspaced(letter.text));
}

function turnOf(angle: number): TextRun['turn'] {
  const degrees = ((angle * 180) / Math.PI + 360) % 360;
  const nearest = Math.round(degrees / 90) * 90;
  if (Math.abs(degrees - nearest) > 10) return null;
  return (nearest % 360) as 0 | 90 | 180 | 270;
}

function around(letters: readonly Letter[]): Box {
  let { left, top, right, bottom } = letters[0]?.box ?? { left: 0, top: 0, right: 0, bottom: 0 };
  for (const { box } of letters) {
    left = Math.min(left, box.left);
    top = Math.min(top, box.top);
    right = Math.max(right, box.right);
    bottom = Math.max(bottom, box.bottom);
  }
  return { left, top, right, bottom };
}
