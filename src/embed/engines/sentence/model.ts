import type { Embedder, TextPurpose } from '#contract/ports.ts';

/** A kind of encoder for sentences: BERT, the mean over a text's tokens, length 1. */
export interface SentenceModel {
  readonly capabilities: Embedder['capabilities'] & { readonly maxTokens: number };
  /** Where its graph may be in its folder, the best first. */
  readonly graphs: readonly string[];
  /** What is written before a text, by what the text is for. */
  readonly prefixes: Readonly<Record<TextPurpose, string>>;
  /** The token for what is not in the vocabulary. */
  readonly unknown: string;
  /** Letters it was not trained on although its vocabulary has them; `null` where all count. */
  readonly foreignLetter: RegExp | null;
}

export type SentenceKind = 'minilm' | 'e5';

/** 512 positions less the two marks around a text. */
const POSITIONS = 510;

/**
 * MiniLM: modules.json of sentence-transformers/all-MiniLM-L6-v2. E5: the card of intfloat/multilingual-e5-small, after which a text
 * begins with `query: ` or `passage: `, and with `query: ` where texts are compared with each other; the longer prefix is three tokens.
 */
export const SENTENCE_MODELS: Readonly<Record<SentenceKind, SentenceModel>> = {
  minilm: {
    capabilities: {
      dimensions: 384,
      maxTokens: POSITIONS,
      languages: ['en'],
      preprocessing: 'wordpiece; mean of tokens; length 1',
    },
    graphs: ['model.onnx'],
    prefixes: { query: '', document: '' },
    unknown: '[UNK]',
    // The vocabulary has single letters of many scripts, but the model was trained on English alone.
    foreignLetter: /(?![\p{Script=Latin}\p{Script=Common}])\p{L}/u,
  },
  e5: {
    capabilities: {
      dimensions: 384,
      maxTokens: POSITIONS - 3,
      languages: 'any',
      preprocessing: 'unigram; "query: " or "passage: " before; mean of tokens; length 1',
    },
    graphs: ['onnx/model.onnx', 'onnx/model_quantized.onnx', 'model.onnx'],
    prefixes: { query: 'query: ', document: 'passage: ' },
    unknown: '<unk>',
    foreignLetter: null,
  },
};
