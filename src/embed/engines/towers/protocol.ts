import type { Pixels } from '#contract/media.ts';

interface Of {
  readonly kind: string;
  /** What the embedder is called, for errors. */
  readonly id: string;
  readonly folder: string;
  readonly threads: number;
}

export interface TextsCall extends Of {
  /** `at` is a text's place in the whole request. */
  readonly texts: readonly { readonly at: number; readonly text: string }[];
}

/** One picture, or the windows of one sound: mono, 16 kHz, none longer than the model's window. */
export type MediumCall = Of &
  ({ readonly pixels: Pixels } | { readonly windows: readonly Float32Array[]; readonly windowMs: number });

/** Vectors of length 1. */
export type TextsReply = readonly Float32Array[];
export type MediumReply = Float32Array;
