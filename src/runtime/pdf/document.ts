import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { SensoriumError } from '#contract/error.ts';
import type { PdfFacts } from './page.ts';
import type { Pdfium } from './pdfium.ts';

/** `FPDF_GetLastError` (fpdfview.h): a password is needed, or a way of encryption that is not known. */
const PASSWORD_NEEDED = 4;
const SECURITY_UNKNOWN = 5;

/** What programs write where nobody gave a title. */
const NO_TITLE = /^(untitled|无标题|未命名)?$/i;
const MAX_OUTLINE = 5_000;
const MAX_OUTLINE_LEVELS = 6;
const MAX_TITLE_BYTES = 2_000;

/** A file that PDFium has open. */
export interface OpenDocument {
  readonly pointer: number;
  readonly file: number;
}

/** Frees what belongs to a document. */
export function closeDocument(pdfium: Pdfium, { pointer, file }: OpenDocument): void {
  pdfium.FPDF_CloseDocument(pointer);
  closeSync(file);
}

/** Opens a file without reading more of it than is needed, with the empty password if one is asked for. Throws `read.*`. */
export function openDocument(pdfium: Pdfium, path: string): OpenDocument {
  const file = openSync(path, 'r');
  const { size } = fstatSync(file);
  const readBlock = (_: number, position: number, buffer: number, length: number) => {
    try {
      return readSync(file, pdfium.bytes(buffer >>> 0, length >>> 0), 0, length >>> 0, position >>> 0) === length >>> 0
        ? 1
        : 0;
    } catch {
      return 0;
    }
  };
  // FPDF_FILEACCESS: length, function, parameter.
  const access = pdfium.malloc(12);
  pdfium.setInt(access, size);
  pdfium.setInt(access + 4, pdfium.callback(readBlock, 'iiiii'));
  pdfium.setInt(access + 8, 0);
  const document = pdfium.FPDF_LoadCustomDocument(access, 0);
  if (document !== 0) return { pointer: document, file };
  closeSync(file);
  const why = pdfium.FPDF_GetLastError();
  if (why === PASSWORD_NEEDED || why === SECURITY_UNKNOWN) {
    throw new SensoriumError('read.encrypted', 'The PDF is encrypted and does not open without its password.', {
      hint: 'Open it with the password and save it without one.',
    });
  }
  throw new SensoriumError('read.broken', 'The PDF cannot be opened: its structure is damaged beyond repair.', {
    hint: 'Check that it opens elsewhere; print or export it to PDF again.',
  });
}

/** What the file says of itself: number of pages, title, outline. */
export function factsOf(pdfium: Pdfium, document: number): PdfFacts {
  const name = pdfium.malloc(8);
  pdfium.bytes(name, 6).set(new TextEncoder().encode('Title\0'));
  const title = wideText(pdfium, (buffer, bytes) => pdfium.FPDF_GetMetaText(document, name, buffer, bytes));
  pdfium.free(name);
  return {
    pages: pdfium.FPDF_GetPageCount(document),
    title: NO_TITLE.test(title) ? null : title,
    outline: outlineOf(pdfium, document),
  };
}

function outlineOf(pdfium: Pdfium, document: number): PdfFacts['outline'] {
  const outline: { title: string; level: number; page: number | null }[] = [];
  // Crafted outlines go round in circles.
  const seen = new Set<number>();
  const walk = (parent: number, level: number) => {
    let entry = pdfium.FPDFBookmark_GetFirstChild(document, parent);
    while (entry !== 0 && !seen.has(entry) && outline.length < MAX_OUTLINE) {
      seen.add(entry);
      const at = entry;
      const title = wideText(pdfium, (buffer, bytes) => pdfium.FPDFBookmark_GetTitle(at, buffer, bytes));
      const direct = pdfium.FPDFBookmark_GetDest(document, entry);
      const action = direct === 0 ? pdfium.FPDFBookmark_GetAction(entry) : 0;
      const target = action === 0 ? direct : pdfium.FPDFAction_GetDest(document, action);
      const index = target === 0 ? -1 : pdfium.FPDFDest_GetDestPageIndex(document, target);
      if (title !== '') outline.push({ title, level, page: index < 0 ? null : index + 1 });
      if (level < MAX_OUTLINE_LEVELS) walk(entry, level + 1);
      entry = pdfium.FPDFBookmark_GetNextSibling(document, entry);
    }
  };
  walk(0, 1);
  return outline;
}

function wideText(pdfium: Pdfium, write: (buffer: number, bytes: number) => number): string {
  const bytes = write(0, 0);
  if (bytes <= 2 || bytes > MAX_TITLE_BYTES) return '';
  const buffer = pdfium.malloc(bytes);
  write(buffer, bytes);
  const text = new TextDecoder('utf-16le').decode(pdfium.bytes(buffer, bytes - 2));
  pdfium.free(buffer);
  return text
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .normalize('NFC');
}
