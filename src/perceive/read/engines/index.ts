import { SensoriumError } from '#contract/error.ts';
import type { DocumentEngine } from '../engine.ts';

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
export const DOCUMENT_ENGINES: readonly DocumentEntry[] = [];

/** The entry that reads what was sniffed as `mimeType`. Throws `read.unsupported`, which names what is read. */
export function documentEntry(
  mimeType: string,
  name: string,
  entries: readonly DocumentEntry[] = DOCUMENT_ENGINES,
): DocumentEntry {
  const essence = mimeType.split(';', 1)[0]?.trim() ?? '';
  const entry = entries.find((known) => known.mimeTypes.includes(essence));
  if (entry) return entry;
  throw new SensoriumError('read.unsupported', `${name} is ${essence}, which nothing here reads.`, {
    hint: `These are read: ${entries.map((known) => known.name).join(', ')}. Save it as one of them.`,
    details: { mimeType },
  });
}
