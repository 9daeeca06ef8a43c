import type { Box } from './page.ts';
import type { Pdfium } from './pdfium.ts';

/** An affine map: x' = a·x + c·y + e, y' = b·x + d·y + f (ISO 32000-1, 8.3.3). */
export interface Matrix {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
}

/** The map that does `first` and then `then`. */
export function after(first: Matrix, then: Matrix): Matrix {
  return {
    a: first.a * then.a + first.b * then.c,
    b: first.a * then.b + first.b * then.d,
    c: first.c * then.a + first.d * then.c,
    d: first.c * then.b + first.d * then.d,
    e: first.e * then.a + first.f * then.c + then.e,
    f: first.e * then.b + first.f * then.d + then.f,
  };
}

/** Where a point comes to lie. */
export function moved({ a, b, c, d, e, f }: Matrix, x: number, y: number): readonly [number, number] {
  return [a * x + c * y + e, b * x + d * y + f];
}

/** The upright box around a box that was moved. */
export function movedBox(matrix: Matrix, x0: number, y0: number, x1: number, y1: number): Box {
  const corners = [moved(matrix, x0, y0), moved(matrix, x1, y0), moved(matrix, x0, y1), moved(matrix, x1, y1)];
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

/** From the coordinates of a page's content to the upright page, y down: its visible box and its rotation are in it. */
export function uprightMatrix(pdfium: Pdfium, page: number, widthPt: number, heightPt: number): Matrix {
  // Answers are whole numbers, so the page is asked about as if a point were a thousand pixels.
  const fine = 1_000;
  const across = 1_000;
  const width = Math.min(2 ** 30, Math.round(widthPt * fine));
  const height = Math.min(2 ** 30, Math.round(heightPt * fine));
  const point = (x: number, y: number): readonly [number, number] => {
    pdfium.FPDF_PageToDevice(page, 0, 0, width, height, 0, x, y, pdfium.scratch, pdfium.scratch + 4);
    return [(pdfium.int(pdfium.scratch) * widthPt) / width, (pdfium.int(pdfium.scratch + 4) * heightPt) / height];
  };
  const [e, f] = point(0, 0);
  const [ax, bx] = point(across, 0);
  const [cx, dx] = point(0, across);
  return { a: (ax - e) / across, b: (bx - f) / across, c: (cx - e) / across, d: (dx - f) / across, e, f };
}
