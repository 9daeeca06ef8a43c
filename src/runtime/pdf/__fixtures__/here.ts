import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MediaPart } from '#contract/media.ts';
import { temporaryFolder } from '#kit/temporary.ts';
import { openHere, type PdfHere } from '../here.ts';
import type { PdfFile } from '../open.ts';
import { loadPdfium, type Pdfium } from '../pdfium.ts';

let library: Promise<Pdfium> | undefined;

/** Opens a PDF of our own making in the process of the test, where it costs no second. */
export async function pdfHere(bytes: Uint8Array): Promise<PdfHere> {
  library ??= loadPdfium();
  const folder = await temporaryFolder();
  const path = join(folder.path, 'document.pdf');
  try {
    await writeFile(path, bytes);
    return openHere(await library, path);
  } finally {
    // What is open stays readable.
    await folder.close();
  }
}

/** `openPdf` without a process of its own, for tests of what comes after it. */
export async function openHereInstead(media: MediaPart, _signal: AbortSignal): Promise<PdfFile> {
  const file = await pdfHere(await media.bytes());
  return {
    facts: file.facts,
    page: async (number) => file.page(number),
    picture: async (number, size) => file.picture(number, size),
    close: async () => file.close(),
  };
}
