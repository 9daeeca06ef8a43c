import type { Pixels } from '#contract/media.ts';
import type { PictureSize } from './page.ts';
import type { Pdfium } from './pdfium.ts';

const POINTS_PER_INCH = 72;
/** `FPDFBitmap_BGR`, and `FPDF_ANNOT`: what readers see of annotations and forms (fpdfview.h). */
const BGR = 2;
const WITH_ANNOTATIONS = 1;
const WHITE = 0xffffffff | 0;

/** Paints a page on white, no side longer than asked. */
export function pictureOf(pdfium: Pdfium, page: number, { dpi, maxSidePx }: PictureSize): Pixels {
  const widthPt = pdfium.FPDF_GetPageWidthF(page);
  const heightPt = pdfium.FPDF_GetPageHeightF(page);
  const scale = Math.min(dpi / POINTS_PER_INCH, maxSidePx / Math.max(widthPt, heightPt));
  const widthPx = Math.max(1, Math.round(widthPt * scale));
  const heightPx = Math.max(1, Math.round(heightPt * scale));
  const bitmap = pdfium.FPDFBitmap_CreateEx(widthPx, heightPx, BGR, 0, 0);
  if (bitmap === 0) throw new Error(`no memory for a picture of ${widthPx} × ${heightPx} pixels`);
  try {
    pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, widthPx, heightPx, WHITE);
    pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, widthPx, heightPx, 0, WITH_ANNOTATIONS);
    const stride = pdfium.FPDFBitmap_GetStride(bitmap);
    const bgr = pdfium.bytes(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * heightPx);
    const rgb = new Uint8Array(widthPx * heightPx * 3);
    for (let y = 0, to = 0; y < heightPx; y += 1) {
      for (let x = 0, from = y * stride; x < widthPx; x += 1, from += 3, to += 3) {
        rgb[to] = bgr[from + 2] ?? 0;
        rgb[to + 1] = bgr[from + 1] ?? 0;
        rgb[to + 2] = bgr[from] ?? 0;
      }
    }
    return { widthPx, heightPx, rgb };
  } finally {
    pdfium.FPDFBitmap_Destroy(bitmap);
  }
}
