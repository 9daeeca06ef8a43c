import type { Reader } from '#contract/ports.ts';
import { readAll } from '../conformance.ts';
import { documentEntry } from '../engines/index.ts';

const OFFICE = 'application/vnd.openxmlformats-officedocument';

/** What each format is called when it is sniffed. */
export const TYPES = {
  docx: `${OFFICE}.wordprocessingml.document`,
  pptx: `${OFFICE}.presentationml.presentation`,
  xlsx: `${OFFICE}.spreadsheetml.sheet`,
  epub: 'application/epub+zip',
  html: 'text/html',
  markdown: 'text/markdown',
  csv: 'text/csv',
} as const;

/** Reads bytes as a format: its pages, losses and facts, and the text of all pages. */
export async function readWith(
  format: keyof typeof TYPES,
  bytes: Uint8Array | string,
  options: { reader?: Reader; language?: 'en' | 'zh'; charset?: string } = {},
) {
  const engine = await documentEntry(TYPES[format], 'document').create();
  const mimeType = TYPES[format] + (options.charset === undefined ? '' : `; charset=${options.charset}`);
  const result = await readAll(engine, Buffer.from(bytes as Uint8Array), { ...options, mimeType });
  return { ...result, text: result.pages.map((page) => page.text).join('\n\f\n') };
}
