import type { Embedding } from '#contract/ports.ts';

/** Texts to embed and the folder of the model to do it with. `at` is a text's place in the whole request. */
export interface MinilmRequest {
  readonly modelDir: string;
  readonly texts: readonly { readonly at: number; readonly text: string }[];
}

/** In the order of the texts. */
export type MinilmReply = readonly Embedding[];
