import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '#kit/temporary.ts';
import { openHere, type PdfHere } from '../here.ts';
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
