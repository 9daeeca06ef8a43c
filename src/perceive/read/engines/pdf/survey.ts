import type { PdfPage, TextRun } from '#runtime/pdf/page.ts';
import { type Row, rowsOf, rowText } from './layout/rows.ts';
import { uprightRuns } from './layout/turn.ts';

/** What several pages have in common. */
export interface Survey {
  /** The size of most letters. */
  readonly bodyPt: number;
  /** Rows that most pages have at the same height at their top or bottom. Digits count as equal. */
  readonly repeated: readonly { readonly text: string; readonly baseline: number }[];
}

/** Pages looked at beforehand: pairs of neighbours, as left and right pages differ. */
const PAIRS = 6;
/** Rows at the top, and at the bottom, that may be repeated ones. */
const EDGE_ROWS = 2;
const LEAST_PAGES = 3;
/** Left and right pages each have half of what repeats. */
const LEAST_SHARE = 0.4;
const SAME_HEIGHT_PT = 3;
const DEFAULT_BODY_PT = 11;

/** Which pages to look at beforehand, from 1. */
export function surveyedPages(total: number): number[] {
  if (total <= 2 * PAIRS) return Array.from({ length: total }, (_, index) => index + 1);
  const firsts = Array.from({ length: PAIRS }, (_, index) => 1 + Math.round((index * (total - 2)) / (PAIRS - 1)));
  return [...new Set(firsts.flatMap((first) => [first, first + 1]))];
}

/** What the pages looked at have in common. */
export function surveyOf(pages: readonly PdfPage[]): Survey {
  const edges: { text: string; baseline: number; pages: number }[] = [];
  for (const page of pages) {
    for (const row of edgeRows(page)) {
      const text = alike(rowText(row));
      const known = edges.find(
        (edge) => edge.text === text && Math.abs(edge.baseline - row.baseline) <= SAME_HEIGHT_PT,
      );
      if (known) known.pages += 1;
      else edges.push({ text, baseline: row.baseline, pages: 1 });
    }
  }
  const least = Math.max(LEAST_PAGES, LEAST_SHARE * pages.length);
  const repeated = edges.filter((edge) => edge.pages >= least);
  return { bodyPt: bodySize(pages, repeated), repeated };
}

// What every page repeats is not the body.
function bodySize(pages: readonly PdfPage[], repeated: Survey['repeated']): number {
  const sizes = new Map<number, number>();
  for (const { sizePt, text, baseline } of pages.flatMap((page) => page.runs)) {
    if (repeated.some((edge) => Math.abs(edge.baseline - baseline) <= SAME_HEIGHT_PT)) continue;
    const rounded = Math.round(sizePt * 2) / 2;
    sizes.set(rounded, (sizes.get(rounded) ?? 0) + text.length);
  }
  let most: readonly [sizePt: number, letters: number] = [0, 0];
  for (const entry of sizes) if (entry[1] > most[1]) most = entry;
  return most[0] || DEFAULT_BODY_PT;
}

/** Whether a row is one of those that repeat. */
export function isRepeated(row: Row, { repeated }: Survey): boolean {
  const text = alike(rowText(row));
  return repeated.some((edge) => edge.text === text && Math.abs(edge.baseline - row.baseline) <= SAME_HEIGHT_PT);
}

/** Whether a repeated row is nothing but the number of its page. */
export function isPageNumber(text: string): boolean {
  return /^(\W*(page|seite|p\.)?\s*#+\s*((of|\/|von)\s*#+)?\W*|\W*第?\s*#+\s*页?\W*(共\s*#+\s*页\W*)?)$/iu.test(
    alike(text),
  );
}

function alike(text: string): string {
  return text.replaceAll(/\d+/g, '#').replaceAll(/\s+/g, ' ').trim().toLowerCase();
}

function edgeRows(page: PdfPage): Row[] {
  const visible: TextRun[] = page.runs.filter((run) => !run.vertical);
  const rows = rowsOf(uprightRuns(page, visible).main, page.rulings);
  return [...new Set([...rows.slice(0, EDGE_ROWS), ...rows.slice(-EDGE_ROWS)])];
}
