import { isUnspaced } from '#runtime/pdf/letters.ts';
import type { Box, TextRun } from '#runtime/pdf/page.ts';

/** What stands on one height without a gap that a column or a table would leave. */
export interface Piece {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly runs: readonly TextRun[];
}

/** What stands on one height. Pieces go from left to right. */
export interface Row {
  readonly pieces: readonly Piece[];
  readonly top: number;
  readonly bottom: number;
  readonly baseline: number;
  readonly sizePt: number;
  readonly bold: boolean;
}

/** Above the baseline and below it a letter takes these shares of its size, near enough; fonts tell their own in many ways. */
const ABOVE = 0.75;
const BELOW = 0.22;
const COLUMN_GAP = 1.2;
const WORD_GAP = 0.12;
/** A mark of a list may stand further from its text. */
const MARK_GAP = 4;
const MARK_ALONE = /^([•‣◦▪●○■□◆❖➢✓▸►*·∙–—-]|\(?\d{1,3}[.)])$/;

/** Runs, all upright, as rows from the top down. `rulings` keep apart what is near. */
export function rowsOf(runs: readonly TextRun[], rulings: readonly Box[] = []): Row[] {
  const groups: { top: number; bottom: number; runs: TextRun[] }[] = [];
  for (const run of [...runs].sort((a, b) => a.baseline - b.baseline || a.left - b.left)) {
    const top = run.baseline - ABOVE * run.sizePt;
    const bottom = run.baseline + BELOW * run.sizePt;
    // Only the last few can reach this far down.
    const group = groups.slice(-3).find((known) => overlap(known, { top, bottom }) >= 0.5);
    if (group) {
      group.runs.push(run);
      group.top = Math.min(group.top, top);
      group.bottom = Math.max(group.bottom, bottom);
    } else groups.push({ top, bottom, runs: [run] });
  }
  const verticals = rulings.filter((box) => box.bottom - box.top > box.right - box.left);
  return groups.map((group) => rowOf(group.runs, group, verticals)).sort((a, b) => a.baseline - b.baseline);
}

function overlap(a: { top: number; bottom: number }, b: { top: number; bottom: number }): number {
  const shared = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return shared / Math.min(a.bottom - a.top, b.bottom - b.top);
}

function rowOf(
  runs: readonly TextRun[],
  { top, bottom }: { top: number; bottom: number },
  verticals: readonly Box[],
): Row {
  const inOrder = [...runs].sort((a, b) => a.left - b.left);
  const main = mainOf(inOrder);
  const groups: TextRun[][] = [];
  for (const run of inOrder) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group && last && belongs(last, run, group, verticals)) group.push(run);
    else groups.push([run]);
  }
  return {
    pieces: groups.map((group) => pieceOf(group, main)),
    top,
    bottom,
    baseline: main.baseline,
    sizePt: main.sizePt,
    bold: inOrder.every((run) => run.bold || !/[\p{L}\p{N}]/u.test(run.text)),
  };
}

/** The run with most letters stands for its row. */
function mainOf(runs: readonly TextRun[]): TextRun {
  return runs.reduce((best, run) => (run.text.length > best.text.length ? run : best));
}

function belongs(last: TextRun, next: TextRun, group: readonly TextRun[], verticals: readonly Box[]): boolean {
  const size = Math.max(last.sizePt, next.sizePt);
  const gap = next.left - last.right;
  const reach = group.length === 1 && MARK_ALONE.test(last.text) ? MARK_GAP : COLUMN_GAP;
  if (gap > reach * size) return false;
  const middle = (last.top + last.bottom) / 2;
  return !verticals.some(
    ({ left, right, top, bottom }) =>
      left >= last.right - 0.5 && right <= next.left + 0.5 && top <= middle && bottom >= middle,
  );
}

const RTL = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/gu;

/** Whether most of its letters are written from right to left. */
export function isRightToLeft(text: string): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  return letters > 0 && (text.match(RTL)?.length ?? 0) * 2 > letters;
}

function pieceOf(runs: readonly TextRun[], main: TextRun): Piece {
  const all = runs.map((run) => run.text).join('');
  const inOrder = isRightToLeft(all) ? [...runs].reverse() : runs;
  let text = '';
  let before: TextRun | undefined;
  for (const run of inOrder) {
    const raised = isRaisedNumber(run, before, main);
    if (before && !raised) {
      const gap = Math.max(run.left - before.right, before.left - run.right);
      const unspaced = isUnspaced(before.text.at(-1) ?? '') || isUnspaced(run.text[0] ?? '');
      if (gap > WORD_GAP * run.sizePt && !unspaced) text += ' ';
    }
    text += raised ? `^${run.text}` : linked(run);
    before = run;
  }
  let [left, right] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const run of runs) {
    left = Math.min(left, run.left);
    right = Math.max(right, run.right);
  }
  return { text, left, right, runs };
}

const RAISED = 0.15;
const SMALLER = 0.8;

// 10² is not 102, and a footnote's number is no part of the word.
function isRaisedNumber(run: TextRun, before: TextRun | undefined, main: TextRun): boolean {
  return (
    before !== undefined &&
    /^[-–+]?\d{1,3}$/.test(run.text) &&
    run.sizePt < SMALLER * main.sizePt &&
    main.baseline - run.baseline > RAISED * main.sizePt
  );
}

function linked({ text, link }: TextRun): string {
  if (link === null) return text;
  const bare = link.replace(/^mailto:/i, '');
  return bare.includes(text) ? bare : `[${text}](${link})`;
}

/** All of a row as one text. */
export function rowText(row: Row): string {
  const texts = row.pieces.map((piece) => piece.text);
  return (isRightToLeft(texts.join('')) ? texts.reverse() : texts).join(' ');
}
