import type { PdfPage } from '#runtime/pdf/page.ts';
import { type Row, rowsOf, rowText } from './layout/rows.ts';
import { uprightRuns } from './layout/turn.ts';

/** What several pages have in common. */
export interface Survey {
  /** The size of most letters. */
  readonly bodyPt: number;
  /** Rows that most pages have at the same height at their top or bottom, apart from the body. */
  readonly repeated: readonly { readonly key: string; readonly baseline: number }[];
}

/** Pages looked at beforehand: pairs of neighbours, as left and right pages differ. */
const PAIRS = 6;
/** Rows at the top, and at the bottom, that may be repeated ones. */
const EDGE_ROWS = 3;
/** They are further from the body than this many times their size, and not larger than it. */
const APART = 1.9;
const LARGER = 1.1;
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
  const edges: { key: string; baseline: number; pages: number }[] = [];
  for (const page of pages) {
    for (const row of edgeRows(rowsOfPage(page))) {
      for (const key of keysOf(rowText(row), page.number)) {
        const known = edges.find(
          (edge) => edge.key === key && Math.abs(edge.baseline - row.baseline) <= SAME_HEIGHT_PT,
        );
        if (known) known.pages += 1;
        else edges.push({ key, baseline: row.baseline, pages: 1 });
      }
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

/** The rows of a page that repeat what other pages have at that place. */
export function repeatedRows(rows: readonly Row[], page: PdfPage, { repeated, bodyPt }: Survey): ReadonlySet<Row> {
  const found = edgeRows(rows).filter((row) => {
    const keys = keysOf(rowText(row), page.number);
    const known = repeated.some(
      (edge) => keys.includes(edge.key) && Math.abs(edge.baseline - row.baseline) <= SAME_HEIGHT_PT,
    );
    return known && row.sizePt <= LARGER * bodyPt;
  });
  return new Set(found);
}

const LONGEST_EDGE = 400;
const LONGEST_NUMBER = 60;
const NUMBER_OF_PAGE = /^\W*(page|p\.|seite|第)?\s*\d+\s*(页|頁)?\W*((of|von|共)?\s*\d+\s*(页|頁)?)?\W*$/iu;

/** Whether a repeated row is nothing but the number of its page. */
export function isPageNumber(text: string): boolean {
  return text.length <= LONGEST_NUMBER && NUMBER_OF_PAGE.test(text);
}

// As it stands, and once for each of its numbers as if that were the page's, which may be counted from elsewhere.
function keysOf(text: string, pageNumber: number): string[] {
  const plain = text.slice(0, LONGEST_EDGE).replaceAll(/\s+/g, ' ').trim().toLowerCase();
  const numbers = [...plain.matchAll(/\d{1,6}/g)].slice(0, 4);
  const counted = numbers.map((match) => {
    const offset = Number(match[0]) - pageNumber;
    return `${plain.slice(0, match.index)}#${offset}#${plain.slice(match.index + match[0].length)}`;
  });
  return [plain, ...counted];
}

function rowsOfPage(page: PdfPage): Row[] {
  const horizontal = page.runs.filter((run) => !run.vertical);
  return rowsOf(uprightRuns(page, horizontal).main, page.rulings);
}

// From the edge of the page to the first wide gap, if there is one soon.
function edgeRows(rows: readonly Row[]): Row[] {
  const upTo = (inwards: readonly Row[]) => {
    for (let count = Math.min(EDGE_ROWS, inwards.length - 1); count > 0; count -= 1) {
      const [row, next] = [inwards[count - 1], inwards[count]];
      if (row && next && Math.abs(next.baseline - row.baseline) > APART * Math.max(row.sizePt, next.sizePt)) {
        return inwards.slice(0, count);
      }
    }
    return [];
  };
  const head = upTo(rows);
  return [...head, ...upTo([...rows].reverse()).filter((row) => !head.includes(row))];
}
