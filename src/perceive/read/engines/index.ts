import { SensoriumError } from '#contract/error.ts';
import type { DocumentEngine } from '../engine.ts';
import type { FileEngine } from '../files/engine.ts';
import { refusalOf } from './refused.ts';

/** A family of documents that can be read. Its code is loaded when the first of them comes. */
export interface DocumentEntry {
  readonly id: string;
  /** What a person calls it, for lists. */
  readonly name: string;
  /** As `media/sniff.ts` names them, without parameters. */
  readonly mimeTypes: readonly string[];
  create(): Promise<DocumentEngine>;
}

/** Every family of documents. One entry each. */
export const DOCUMENT_ENGINES: readonly DocumentEntry[] = [
  {
    id: 'pdfium',
    name: 'PDF',
    mimeTypes: ['application/pdf'],
    create: async () => (await import('./pdf/engine.ts')).pdf(),
  },
  ofFile({
    id: 'docx',
    name: 'Word (DOCX)',
    mimeTypes: [
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.template',
      'application/vnd.ms-word.document.macroenabled.12',
    ],
  }),
  ofFile({
    id: 'pptx',
    name: 'PowerPoint (PPTX)',
    mimeTypes: [
      'application/vnd.openxmlformats-officedocument.presentationml.presentation',
      'application/vnd.openxmlformats-officedocument.presentationml.slideshow',
      'application/vnd.openxmlformats-officedocument.presentationml.template',
      'application/vnd.ms-powerpoint.presentation.macroenabled.12',
      'application/vnd.ms-powerpoint.slideshow.macroenabled.12',
    ],
  }),
  ofFile({
    id: 'xlsx',
    name: 'Excel (XLSX)',
    mimeTypes: [
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'application/vnd.openxmlformats-officedocument.spreadsheetml.template',
      'application/vnd.ms-excel.sheet.macroenabled.12',
    ],
  }),
  ofFile({ id: 'html', name: 'HTML', mimeTypes: ['text/html', 'application/xhtml+xml'], isText: true }),
  ofFile({ id: 'epub', name: 'EPUB', mimeTypes: ['application/epub+zip'] }),
  ofFile({ id: 'markdown', name: 'Markdown', mimeTypes: ['text/markdown', 'text/plain'], isText: true }),
  ofFile({ id: 'csv', name: 'CSV', mimeTypes: ['text/csv', 'text/tab-separated-values'], isText: true }),
];

/** An entry for a format that is taken apart in the process for documents (`files/worker.ts`). */
function ofFile({ name, ...engine }: FileEngine & { readonly name: string }): DocumentEntry {
  const { id, mimeTypes } = engine;
  return { id, name, mimeTypes, create: async () => (await import('../files/engine.ts')).fileEngine(engine) };
}

/** The entry that reads what was sniffed as `mimeType`; `null` where none does. */
export function knownDocument(
  mimeType: string,
  entries: readonly DocumentEntry[] = DOCUMENT_ENGINES,
): DocumentEntry | null {
  const essence = essenceOf(mimeType);
  return entries.find((known) => known.mimeTypes.includes(essence)) ?? null;
}

/** The entry that reads what was sniffed as `mimeType`. Throws `read.unsupported`, which names what is read, and `read.encrypted`. */
export function documentEntry(
  mimeType: string,
  name: string,
  entries: readonly DocumentEntry[] = DOCUMENT_ENGINES,
): DocumentEntry {
  const entry = knownDocument(mimeType, entries);
  if (entry) return entry;
  const essence = essenceOf(mimeType);
  const refusal = refusalOf(essence, name);
  if (refusal) throw refusal;
  throw new SensoriumError('read.unsupported', `${name} is ${essence}, which nothing here reads.`, {
    hint: `These are read: ${entries.map((known) => known.name).join(', ')}. Save it as one of them.`,
    details: { mimeType },
  });
}

// A charset says how to read it, not what it is.
function essenceOf(mimeType: string): string {
  return mimeType.split(';', 1)[0]?.trim() ?? '';
}
