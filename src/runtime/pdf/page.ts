/** Lengths are in points (1/72 inch) of the upright page, x to the right and y down from its top left corner. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Characters that follow each other on one line without a gap a table or a column would leave. */
export interface TextRun extends Box {
  readonly text: string;
  /** Where its letters stand: y of the baseline, or x of the middle of a vertical run. */
  readonly baseline: number;
  readonly sizePt: number;
  readonly bold: boolean;
  /** Where its letters point to: 0 is upright, 90 is read from the top down; `null` for anything that is no right angle. */
  readonly turn: 0 | 90 | 180 | 270 | null;
  /** Its characters stand below each other. */
  readonly vertical: boolean;
  /** Not painted (render mode 3 or 7), or painted over by a picture. */
  readonly hidden: boolean;
  /** Where a click leads. */
  readonly link: string | null;
  /** Characters of which the file does not say what they are. */
  readonly unmapped: number;
  /** Chinese, Japanese or Korean characters for which the file brings no shapes. */
  readonly shapeless: number;
}

/** One page as the file has it. */
export interface PdfPage {
  readonly number: number;
  readonly widthPt: number;
  readonly heightPt: number;
  readonly runs: readonly TextRun[];
  readonly images: readonly Box[];
  /** Straight lines, as tables have them. */
  readonly rulings: readonly Box[];
  /** Lines and shapes that are drawn. */
  readonly paths: number;
  /** Characters outside the visible page, left out. */
  readonly outside: number;
  /** Whether there was more than is looked at. */
  readonly cut: boolean;
}

/** What the file says of itself. `level` begins at 1, `page` too; `page` is `null` where the entry leads nowhere in here. */
export interface PdfFacts {
  readonly pages: number;
  readonly title: string | null;
  readonly outline: readonly { readonly title: string; readonly level: number; readonly page: number | null }[];
}

/** How large a picture of a page is to be: at `dpi`, but no side above `maxSidePx`. */
export interface PictureSize {
  readonly dpi: number;
  readonly maxSidePx: number;
}
