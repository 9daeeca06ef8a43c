import type { Embedder } from '#contract/ports.ts';

/** Its name in the model store and in reports. */
export const ID = 'all-minilm-l6-v2';

/** 512 positions less `[CLS]` and `[SEP]`. */
export const CAPABILITIES = {
  dimensions: 384,
  maxTokens: 510,
  languages: ['en'],
} as const satisfies Embedder['capabilities'];
