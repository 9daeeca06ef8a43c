import type { MediaPart } from '#contract/media.ts';
import type { Page } from '#contract/perception.ts';
import type { CallContext, Reader } from '#contract/ports.ts';

/** A document to read. `name` is what a person calls it; what it is says `media.media.mimeType`, from its bytes. */
export interface DocumentToRead {
  readonly part: string;
  readonly name: string;
  readonly media: MediaPart;
}

/**
 * What an engine says of the whole document, before its first page. `unit` is what its pages are; `whole` is a text without any, given
 * as one page without a heading of its own. `pages` is `null` while nobody has counted them.
 */
export interface DocumentFacts {
  readonly format: string;
  readonly title: string | null;
  readonly unit: 'page' | 'slide' | 'sheet' | 'chapter' | 'whole';
  readonly pages: number | null;
}

export interface ReadOptions {
  /** Reads pages and pictures that are only pixels; `null` where nothing can. */
  readonly reader: Reader | null;
  /** A longer document is refused with `read.too-large`. */
  readonly maxPages: number;
  /** The language of the words an engine adds itself. */
  readonly language: 'en' | 'zh';
  /** Told once, before the first page. */
  readonly onFacts: (facts: DocumentFacts) => void;
}

/** Reads one family of documents. */
export interface DocumentEngine {
  readonly id: string;
  /** What it reads, as `media/sniff.ts` names it, without parameters (`text/plain`, not `text/plain; charset=…`). */
  readonly mimeTypes: readonly string[];
  /**
   * Pages in order, each as soon as it is read; memory stays bounded however many there are. A page's `text` is Markdown whose
   * headings begin at level 1 and `start` of its lines counts from the page's own beginning. A document with nothing in it gives
   * no page, or empty ones with the reason. Throws `read.*`; whatever is merely lost is noted.
   */
  read(document: DocumentToRead, options: ReadOptions, context: CallContext): AsyncIterable<Page>;
}
