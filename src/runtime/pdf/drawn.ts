import { after, type Matrix, movedBox } from './matrix.ts';
import type { Box } from './page.ts';
import type { Pdfium } from './pdfium.ts';

/** Kinds of objects on a page (fpdf_edit.h). */
const PATH = 2;
const IMAGE = 3;
const FORM = 5;
const TEXT = 1;

const MAX_OBJECTS = 100_000;
const MAX_DEPTH = 8;
const MAX_RULINGS = 4_000;
const MAX_IMAGES = 2_000;
/** A line of a table is thin and not short. */
const THIN_PT = 2.5;
const SHORT_PT = 8;
/** A path of so few segments is a rectangle, or something as plain. */
const PLAIN_SEGMENTS = 6;
/** An opaque picture over so much of the page hides what was painted before it. */
const COVERS_SHARE = 0.8;

/** What is drawn on a page besides text. `coveredText` are the text objects that a picture was painted over. */
export interface Drawn {
  readonly images: readonly Box[];
  readonly rulings: readonly Box[];
  readonly paths: number;
  readonly coveredText: ReadonlySet<number>;
  readonly cut: boolean;
}

/** Walks over the objects of a page, also those inside forms, and keeps where pictures and straight lines are. */
export function drawnOn(
  pdfium: Pdfium,
  page: number,
  upright: Matrix,
  sizePt: { widthPt: number; heightPt: number },
): Drawn {
  const images: Box[] = [];
  const rulings: Box[] = [];
  const texts: number[] = [];
  const covered = new Set<number>();
  let paths = 0;
  let seen = 0;

  const boxOf = (object: number, matrix: Matrix): Box | null => {
    const at = pdfium.scratch;
    if (pdfium.FPDFPageObj_GetBounds(object, at, at + 4, at + 8, at + 12) === 0) return null;
    const box = movedBox(matrix, pdfium.float(at), pdfium.float(at + 4), pdfium.float(at + 8), pdfium.float(at + 12));
    return clip(box, sizePt);
  };
  const visit = (object: number, matrix: Matrix, depth: number) => {
    seen += 1;
    const type = pdfium.FPDFPageObj_GetType(object);
    if (type === TEXT) texts.push(object);
    if (type === PATH) {
      const box = boxOf(object, matrix);
      if (!box) return;
      paths += 1;
      if (rulings.length < MAX_RULINGS) rulings.push(...rulingsOf(box, pdfium.FPDFPath_CountSegments(object)));
    }
    if (type === IMAGE) {
      const box = boxOf(object, matrix);
      if (!box) return;
      if (images.length < MAX_IMAGES) images.push(box);
      const share = ((box.right - box.left) * (box.bottom - box.top)) / (sizePt.widthPt * sizePt.heightPt);
      if (share >= COVERS_SHARE && pdfium.FPDFPageObj_HasTransparency(object) === 0)
        for (const text of texts) covered.add(text);
    }
    if (type === FORM && depth < MAX_DEPTH) {
      pdfium.FPDFPageObj_GetMatrix(object, pdfium.scratch);
      const inside = after(matrixAt(pdfium, pdfium.scratch), matrix);
      const count = pdfium.FPDFFormObj_CountObjects(object);
      for (let index = 0; index < count && seen < MAX_OBJECTS; index += 1) {
        visit(pdfium.FPDFFormObj_GetObject(object, index), inside, depth + 1);
      }
    }
  };
  const count = pdfium.FPDFPage_CountObjects(page);
  for (let index = 0; index < count && seen < MAX_OBJECTS; index += 1)
    visit(pdfium.FPDFPage_GetObject(page, index), upright, 0);
  return { images, rulings, paths, coveredText: covered, cut: seen >= MAX_OBJECTS };
}

/** Reads an `FS_MATRIX`. */
export function matrixAt(pdfium: Pdfium, pointer: number): Matrix {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = [0, 4, 8, 12, 16, 20].map((offset) =>
    pdfium.float(pointer + offset),
  );
  return { a, b, c, d, e, f };
}

function clip(box: Box, { widthPt, heightPt }: { widthPt: number; heightPt: number }): Box | null {
  const left = Math.max(0, box.left);
  const top = Math.max(0, box.top);
  const right = Math.min(widthPt, box.right);
  const bottom = Math.min(heightPt, box.bottom);
  return right > left - 1e-6 && bottom > top - 1e-6 ? { left, top, right, bottom } : null;
}

function rulingsOf(box: Box, segments: number): Box[] {
  const { left, top, right, bottom } = box;
  const width = right - left;
  const height = bottom - top;
  if (height <= THIN_PT || width <= THIN_PT) return Math.max(width, height) >= SHORT_PT ? [box] : [];
  if (segments > PLAIN_SEGMENTS || width < SHORT_PT || height < SHORT_PT) return [];
  return [
    { left, right, top, bottom: top },
    { left, right, top: bottom, bottom },
    { left, right: left, top, bottom },
    { left: right, right, top, bottom },
  ];
}
