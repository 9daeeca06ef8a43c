import { serve } from '#runtime/worker/serve.ts';
import type { FileToRead, FormatReader } from './told.ts';

/** The formats that are taken apart here, by their engine's id. */
const READERS: Readonly<Record<string, () => Promise<FormatReader>>> = {
  docx: async () => (await import('../engines/docx/docx.ts')).readDocx,
  pptx: async () => (await import('../engines/pptx/pptx.ts')).readPptx,
  xlsx: async () => (await import('../engines/xlsx/xlsx.ts')).readXlsx,
  html: async () => (await import('../engines/html/html.ts')).readHtml,
  epub: async () => (await import('../engines/epub/epub.ts')).readEpub,
  markdown: async () => (await import('../engines/markdown/markdown.ts')).readMarkdown,
  csv: async () => (await import('../engines/csv/csv.ts')).readCsv,
};

/** A file to take apart and the engine that asks for it. */
export interface ReadCall {
  readonly engine: string;
  readonly file: FileToRead;
}

serve({
  async *read({ engine, file }: ReadCall, signal: AbortSignal) {
    yield { kind: 'begun' };
    const reader = READERS[engine];
    if (!reader) throw new Error(`No such format: ${engine}`);
    yield* (await reader())(file, signal);
  },
});
