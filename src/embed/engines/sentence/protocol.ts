import type { Embedding, TextPurpose } from '#contract/ports.ts';
import type { SentenceKind } from './model.ts';

/** Texts to embed, and the model with its folder to do it with. `at` is a text's place in the whole request. */
export interface SentenceRequest {
  readonly kind: SentenceKind;
  /** What the model is called, for errors. */
  readonly id: string;
  readonly modelDir: string;
  readonly purpose: TextPurpose;
  readonly texts: readonly { readonly at: number; readonly text: string }[];
}

/** In the order of the texts. */
export type SentenceReply = readonly Embedding[];
