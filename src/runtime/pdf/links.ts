import { type Matrix, movedBox } from './matrix.ts';
import type { Box } from './page.ts';
import type { Pdfium } from './pdfium.ts';

const MAX_LINKS = 2_000;
const MAX_ADDRESS_BYTES = 2_000;
const SPEAKABLE = /^(https?:\/\/|mailto:)[^\s<>"\\()[\]]+$/i;

/** The places of a page that lead to an address on the web or a mailbox. */
export function linksOf(
  pdfium: Pdfium,
  document: number,
  page: number,
  upright: Matrix,
): readonly (Box & { readonly address: string })[] {
  const links: (Box & { address: string })[] = [];
  const { scratch } = pdfium;
  pdfium.setInt(scratch, 0);
  for (let seen = 0; seen < MAX_LINKS && pdfium.FPDFLink_Enumerate(page, scratch, scratch + 4) !== 0; seen += 1) {
    const next = pdfium.int(scratch);
    const link = pdfium.int(scratch + 4);
    const address = addressOf(pdfium, document, pdfium.FPDFLink_GetAction(link));
    // FS_RECTF: left, top, right, bottom.
    if (address !== null && pdfium.FPDFLink_GetAnnotRect(link, scratch + 8) !== 0) {
      const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = [8, 12, 16, 20].map((offset) => pdfium.float(scratch + offset));
      links.push({ ...movedBox(upright, x0, y0, x1, y1), address });
    }
    pdfium.setInt(scratch, next);
  }
  return links;
}

function addressOf(pdfium: Pdfium, document: number, action: number): string | null {
  if (action === 0) return null;
  const bytes = pdfium.FPDFAction_GetURIPath(document, action, 0, 0);
  if (bytes <= 1 || bytes > MAX_ADDRESS_BYTES) return null;
  const buffer = pdfium.malloc(bytes);
  pdfium.FPDFAction_GetURIPath(document, action, buffer, bytes);
  const address = new TextDecoder().decode(pdfium.bytes(buffer, bytes - 1));
  pdfium.free(buffer);
  return SPEAKABLE.test(address) ? address : null;
}
