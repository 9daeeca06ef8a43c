import { SensoriumError } from '#contract/error.ts';
import type { Embedder } from '#contract/ports.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { normalised } from './vector.ts';

const CAPABILITIES = { dimensions: 64, maxTokens: 40, languages: ['en'] } as const;

/** The smallest correct embedder: counts words, each in the dimension its letters point to. It knows Latin letters only. */
export function fakeEmbedder(): Embedder {
  return {
    id: 'fake',
    capabilities: CAPABILITIES,
    async embed(texts, { signal }) {
      const embeddings = [];
      for (const [text, content] of texts.entries()) {
        await new Promise((resolve) => setImmediate(resolve));
        throwIfCancelled(signal);
        const words = content.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
        refuseLong(text, words.length);
        const counts = new Float32Array(CAPABILITIES.dimensions);
        for (const word of words) counts[placeOf(word)] = (counts[placeOf(word)] ?? 0) + 1;
        const unknownTokens = words.filter((word) => !/^[a-z0-9]+$/.test(word)).length;
        embeddings.push({ vector: normalised(counts), tokens: words.length, unknownTokens });
      }
      return embeddings;
    },
    close: async () => {},
  };
}

function placeOf(word: string): number {
  let place = 0;
  for (const letter of word) place = (place * 31 + (letter.codePointAt(0) ?? 0)) % CAPABILITIES.dimensions;
  return place;
}

function refuseLong(text: number, tokens: number): void {
  const { maxTokens } = CAPABILITIES;
  if (tokens <= maxTokens) return;
  throw new SensoriumError('embed.too-long', `Text ${text + 1} has ${tokens} words; the fake takes ${maxTokens}.`, {
    details: { text, tokens, maxTokens },
  });
}
