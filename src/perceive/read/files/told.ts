import type { Loss } from '#contract/loss.ts';
import type { DocumentFacts } from '../engine.ts';

/** A picture inside a document. `id` names it in its document: the same picture on forty slides has one. `alt` is its alternative text. */
export interface FoundPicture {
  readonly id: string;
  readonly alt: string;
}

/** A page as its file says it: blocks of Markdown in order, and the pictures that stand between them. */
export interface DraftPage {
  readonly title: string | null;
  readonly blocks: readonly (string | FoundPicture)[];
  readonly reason: string;
}

/** What a format reader tells, in order: the facts, then pages, pictures before the page they stand on, losses at any time. */
export type Told =
  | { readonly kind: 'facts'; readonly facts: DocumentFacts }
  | { readonly kind: 'page'; readonly page: DraftPage }
  | { readonly kind: 'picture'; readonly id: string; readonly bytes: Uint8Array }
  | { readonly kind: 'loss'; readonly loss: FileLoss };

/** A loss without what the engine knows better. */
export type FileLoss = Pick<Loss, 'kind' | 'message'> & Partial<Pick<Loss, 'extent' | 'unit' | 'action' | 'text'>>;

/** A file as a format reader gets it. `charset` is `null` where nobody knows; `wantsPictures`: whether something can read them. */
export interface FileToRead {
  readonly name: string;
  readonly mimeType: string;
  readonly charset: string | null;
  readonly bytes: Uint8Array;
  /** The size of the whole file, of which `bytes` may be the beginning. */
  readonly sizeBytes: number;
  readonly maxPages: number;
  readonly language: 'en' | 'zh';
  readonly wantsPictures: boolean;
}

/** Reads one format. Throws `read.*`. */
export type FormatReader = (file: FileToRead, signal: AbortSignal) => AsyncIterable<Told>;
