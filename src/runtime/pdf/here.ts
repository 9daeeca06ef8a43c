import { SensoriumError } from '#contract/error.ts';
import type { Pixels } from '#contract/media.ts';
import { closeDocument, factsOf, type OpenDocument, openDocument } from './document.ts';
import { drawnOn } from './drawn.ts';
import { linksOf } from './links.ts';
import { uprightMatrix } from './matrix.ts';
import type { PdfFacts, PdfPage, PictureSize } from './page.ts';
import type { Pdfium } from './pdfium.ts';
import { pictureOf } from './picture.ts';
import { runsOf } from './runs.ts';

/** Annotations that only lead somewhere, or open a note (fpdf_annot.h). */
const LINK = 2;
const POPUP = 16;
const MAX_ANNOTATIONS = 5_000;
/** `FLAT_NORMALDISPLAY` (fpdf_flatten.h). */
const FOR_DISPLAY = 0;

/** An open PDF in this very process, which it may block or end: only worker processes (and tests) should have one. */
export interface PdfHere {
  readonly facts: PdfFacts;
  page(number: number): PdfPage;
  picture(number: number, size: PictureSize): Pixels;
  close(): void;
}

/** Opens a PDF in this process. Throws `read.*`. */
export function openHere(pdfium: Pdfium, path: string): PdfHere {
  const document = openDocument(pdfium, path);
  return {
    facts: factsOf(pdfium, document.pointer),
    page: (number) =>
      withPage(pdfium, document, number, (page, again) => pageOf(pdfium, document, number, page, again)),
    picture: (number, size) => withPage(pdfium, document, number, (page) => pictureOf(pdfium, page, size)),
    close: () => closeDocument(pdfium, document),
  };
}

function pageOf(pdfium: Pdfium, { pointer }: OpenDocument, number: number, page: number, again: () => number): PdfPage {
  const widthPt = pdfium.FPDF_GetPageWidthF(page);
  const heightPt = pdfium.FPDF_GetPageHeightF(page);
  const upright = uprightMatrix(pdfium, page, widthPt, heightPt);
  const links = linksOf(pdfium, pointer, page, upright);
  // Text in forms and annotations is no content of the page until it is made so.
  const shown = hasShownAnnotations(pdfium, page) && pdfium.FPDFPage_Flatten(page, FOR_DISPLAY) !== 0 ? again() : page;
  const drawn = drawnOn(pdfium, shown, upright, { widthPt, heightPt });
  const text = runsOf(pdfium, shown, { ...drawn, upright, widthPt, heightPt, links });
  return {
    number,
    widthPt,
    heightPt,
    runs: text.runs,
    images: drawn.images,
    rulings: drawn.rulings,
    paths: drawn.paths,
    outside: text.outside,
    cut: drawn.cut || text.cut,
  };
}

function withPage<T>(
  pdfium: Pdfium,
  { pointer }: OpenDocument,
  number: number,
  use: (page: number, again: () => number) => T,
): T {
  const load = () => {
    const page = pdfium.FPDF_LoadPage(pointer, number - 1);
    if (page !== 0) return page;
    throw new SensoriumError('read.broken', `Page ${number} of the PDF is damaged.`, {
      hint: 'Print or export the document to PDF again.',
      details: { page: number },
    });
  };
  let page = load();
  const again = () => {
    pdfium.FPDF_ClosePage(page);
    page = 0;
    page = load();
    return page;
  };
  try {
    return use(page, again);
  } finally {
    if (page !== 0) pdfium.FPDF_ClosePage(page);
  }
}

function hasShownAnnotations(pdfium: Pdfium, page: number): boolean {
  const count = Math.min(MAX_ANNOTATIONS, pdfium.FPDFPage_GetAnnotCount(page));
  for (let index = 0; index < count; index += 1) {
    const annotation = pdfium.FPDFPage_GetAnnot(page, index);
    if (annotation === 0) continue;
    const subtype = pdfium.FPDFAnnot_GetSubtype(annotation);
    pdfium.FPDFPage_CloseAnnot(annotation);
    if (subtype !== LINK && subtype !== POPUP) return true;
  }
  return false;
}
