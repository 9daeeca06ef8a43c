import type { PdfPage, TextRun } from '#runtime/pdf/page.ts';

/** Where a page's text is to be taken from. */
export type Way =
  /** Its text layer. */
  | 'layer'
  /** Its text layer, and what can be read in its picture besides. */
  | 'layer-and-picture'
  /** Its picture alone. */
  | 'picture'
  /** Its picture; where nothing can read that, the text somebody put beneath it. */
  | 'picture-or-layer'
  /** Nowhere: nothing is on it. */
  | 'nothing';

/** What there is on a page, in figures. */
export interface Evidence {
  readonly visible: number;
  readonly hidden: number;
  /** Share of the visible characters of which the file does not say what they are. */
  readonly unmappedShare: number;
  /** Share of the page that pictures cover. */
  readonly imageShare: number;
  readonly paths: number;
}

/** Fewer characters beside a large picture are a stamp or a page number, and the picture is the page. */
const FEW_CHARACTERS = 60;
const LARGE_PICTURE = 0.25;
const PICTURE_PAGE = 0.05;
/** More characters without meaning than this make a text layer useless. */
const MOST_UNMAPPED = 0.2;
/** Letters drawn as shapes need a good many of them. */
const DRAWN_LETTERS = 40;
const GRID = 40;

/** Counts what is on a page. */
export function evidenceOf(page: PdfPage): Evidence {
  const count = (runs: readonly TextRun[]) =>
    runs.reduce((sum, run) => sum + [...run.text.replaceAll(/\s/gu, '')].length, 0);
  const visible = page.runs.filter((run) => !run.hidden);
  const characters = count(visible);
  const unmapped = visible.reduce((sum, run) => sum + run.unmapped, 0);
  return {
    visible: characters,
    hidden: count(page.runs.filter((run) => run.hidden)),
    unmappedShare: characters === 0 ? 0 : unmapped / characters,
    imageShare: coverage(page),
    paths: page.paths,
  };
}

// Pictures may overlap, so squares of the page are counted.
function coverage({ images, widthPt, heightPt }: PdfPage): number {
  let covered = 0;
  for (let row = 0; row < GRID; row += 1) {
    for (let column = 0; column < GRID; column += 1) {
      const x = ((column + 0.5) * widthPt) / GRID;
      const y = ((row + 0.5) * heightPt) / GRID;
      if (images.some(({ left, top, right, bottom }) => x >= left && x <= right && y >= top && y <= bottom))
        covered += 1;
    }
  }
  return covered / GRID ** 2;
}

/** Decides where a page's text comes from, and says why. */
export function decide(evidence: Evidence): { readonly way: Way; readonly reason: string } {
  const { visible, hidden, unmappedShare, imageShare, paths } = evidence;
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  const picture = `pictures over ${percent(imageShare)} of the page`;
  if (visible > 0 && unmappedShare > MOST_UNMAPPED) {
    return {
      way: 'picture',
      reason: `the text layer does not say what ${percent(unmappedShare)} of its ${visible} characters are`,
    };
  }
  if (visible >= FEW_CHARACTERS || (visible > 0 && imageShare < LARGE_PICTURE)) {
    return { way: 'layer', reason: `${visible} characters in the text layer` };
  }
  if (hidden > visible && imageShare >= LARGE_PICTURE) {
    return {
      way: 'picture-or-layer',
      reason: `${picture} with ${hidden} invisible characters beneath, as scanners add them`,
    };
  }
  if (visible > 0)
    return { way: 'layer-and-picture', reason: `only ${visible} characters in the text layer, and ${picture}` };
  if (hidden > 0 && imageShare < PICTURE_PAGE) {
    return { way: 'layer', reason: `${hidden} characters in the text layer, all invisible` };
  }
  if (hidden > 0) return { way: 'picture-or-layer', reason: `${picture} and ${hidden} invisible characters` };
  if (imageShare > 0) return { way: 'picture', reason: `no text layer, but ${picture}` };
  if (paths >= DRAWN_LETTERS)
    return { way: 'picture', reason: `no text layer, but ${paths} shapes that may be letters` };
  if (paths > 0) return { way: 'nothing', reason: `no text, only ${paths} lines or shapes` };
  return { way: 'nothing', reason: 'the page is blank' };
}
