import type { VectorModel } from '#contract/ports.ts';
import type { ModelFingerprint } from '#contract/prompt-vectors.ts';
import { seeded } from '../connector/random-features.ts';

export const WIDTH = 24;
const WORDS = 400;

export interface TableModel extends VectorModel {
  readonly rows: NonNullable<VectorModel['rows']>;
  /** How often a table was read. */
  readonly reads: { count: number };
}

/** A model that is nothing but a tokenizer, a word or sign each, and a table of random rows: what components need of one. */
export function tableModel(about: Partial<ModelFingerprint> = {}, seed = 7): TableModel {
  const draw = seeded(seed);
  const width = about.width ?? WIDTH;
  const table = Float32Array.from({ length: WORDS * width }, () => draw() * 2 - 1);
  const known = new Map<string, number>();
  const reads = { count: 0 };
  const rowOf = (token: number) => table.slice(token * width, (token + 1) * width);
  return {
    ...{ id: 'table', reads },
    fingerprint: async () => ({
      ...{ engine: 'table', architecture: 'llama', width, vocabulary: WORDS },
      ...{ tokenizerSha256: 'a'.repeat(64), tableSha256: 'b'.repeat(64), tableType: 'F32' },
      sketch: Array.from({ length: 8 }, (_, at) => [...rowOf(at)]),
      ...{ scale: 1, perLayerInputs: false, deepstackLayers: 0, positionStreams: 1, chatTemplateSha256: null },
      ...about,
    }),
    tokenize: async (text) => {
      const words = text.match(/\s?\p{Script=Latin}+|\p{Script=Han}|[^\s]|\s/gu) ?? [];
      return words.map((word) => {
        if (!known.has(word)) known.set(word, known.size % WORDS);
        return known.get(word) ?? 0;
      });
    },
    rows: async (tokens) => {
      reads.count += 1;
      const out = new Float32Array(tokens.length * width);
      tokens.forEach((token, at) => {
        if (!(token >= 0 && token < WORDS)) throw new RangeError(`no row ${token}`);
        out.set(rowOf(token), at * width);
      });
      return out;
    },
    ...{ logits: null, score: null },
    next: async () => [],
    write: async () => '',
    close: async () => {},
  };
}
