import { SensoriumError } from '#contract/error.ts';
import { lossOf } from '#contract/loss.ts';
import type { MediaPart } from '#contract/media.ts';
import type { Document, Page } from '#contract/perception.ts';
import type { CallContext, Reader } from '#contract/ports.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { codePoints } from '#kit/code-points.ts';
import type { DocumentFacts } from './engine.ts';
import { DOCUMENT_ENGINES, type DocumentEntry, documentEntry } from './engines/index.ts';
import { lowerHeadings, pageHeading } from './headings.ts';

/** What to read. */
export interface Reading {
  readonly media: MediaPart;
  /** Reads pages and pictures that are only pixels; `null` where nothing can. */
  readonly reader: Reader | null;
  /** The language of the words that are added: page headings, notes on pictures. */
  readonly language: 'en' | 'zh';
  readonly maxPages?: number | undefined;
  /** Told how many pages are read, and of how many (`null` where nobody has counted them). */
  readonly onPage?: ((done: number, total: number | null, page: Page) => void) | undefined;
  /** Families of documents instead of all there are. */
  readonly engines?: readonly DocumentEntry[] | undefined;
}

/** As many as `media` takes where nothing else is said. */
const MAX_PAGES = 1_000;
/** More text than this is no document for a language model, whatever it claims to be. */
const MAX_TEXT_CHARS = 64e6;

/**
 * Reads a document page by page and puts them together, each under its number. A document with nothing in it is an empty
 * perception with the reason among the losses. Throws `read.*` and `kit.cancelled`.
 */
export async function read(reading: Reading, context: CallContext): Promise<Document> {
  const { media, reader, language } = reading;
  const { part, name, mimeType } = media.media;
  throwIfCancelled(context.signal);
  const engine = await documentEntry(mimeType, name, reading.engines ?? DOCUMENT_ENGINES).create();
  const maxPages = reading.maxPages ?? MAX_PAGES;
  let facts: DocumentFacts = { format: engine.id, title: null, unit: 'page', pages: null };
  const onFacts = (told: DocumentFacts) => {
    facts = told;
  };

  const pages: Page[] = [];
  const texts: string[] = [];
  let lengthCodePoints = 0;
  let lengthChars = 0;
  for await (const page of engine.read({ part, name, media }, { reader, maxPages, language, onFacts }, context)) {
    throwIfCancelled(context.signal);
    const heading = pageHeading(page, facts.unit, language);
    const shown = heading === '' ? page : lowerHeadings(page, 2);
    const text = [heading, shown.text].filter((piece) => piece !== '').join('\n\n');
    const before = texts.length === 0 ? 0 : 2;
    const from = lengthCodePoints + before + codePoints(text) - codePoints(shown.text);
    const moved = shown.lines.map((line) => (line.start === null ? line : { ...line, start: from + line.start }));
    pages.push({ ...page, lines: moved });
    if (text !== '') {
      texts.push(text);
      lengthCodePoints += before + codePoints(text);
      lengthChars += before + text.length;
    }
    if (pages.length > maxPages || lengthChars > MAX_TEXT_CHARS) throw tooLarge(name, maxPages);
    reading.onPage?.(pages.length, facts.pages, page);
  }

  const hasText = pages.some((page) => page.text !== '');
  if (!hasText)
    context.note(lossOf({ kind: 'page-unread', stage: 'perceive', part, engine: engine.id, ...emptiness(pages) }));
  return {
    part,
    kind: 'document',
    text: hasText ? texts.join('\n\n') : '',
    format: facts.format,
    title: facts.title,
    pages,
    engine: engine.id,
  };
}

function emptiness(pages: readonly Page[]) {
  const why = new Set(pages.map((page) => page.reason));
  const message =
    pages.length === 0
      ? 'The document has no pages.'
      : `Nothing was found to read on any of the ${pages.length} pages: ${[...why].slice(0, 3).join('; ')}.`;
  return { extent: pages.length, unit: 'pages', message, action: 'the text is empty' };
}

function tooLarge(name: string, maxPages: number): SensoriumError {
  return new SensoriumError('read.too-large', `${name} has more than can be read at once.`, {
    hint: `Cut it into parts: at most ${maxPages} pages and ${MAX_TEXT_CHARS / 1e6} million characters are taken.`,
    details: { maxPages },
  });
}
