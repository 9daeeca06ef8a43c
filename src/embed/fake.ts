import { SensoriumError } from '#contract/error.ts';
import type { Embedder, MediaEmbedder } from '#contract/ports.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { mustTake } from './engines/takes.ts';
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

/** The smallest correct embedder of pictures: their mean colour, and the colours that texts name. Dimensions: red, green, blue, a little of none. */
export function fakeMediaEmbedder(): MediaEmbedder {
  const takes = ['text', 'image'] as const;
  const capabilities = { dimensions: 4, takes, languages: ['en'], weightsSha256: null, preprocessing: 'mean colour' };
  return {
    id: 'colours',
    capabilities,
    async texts(texts, { signal }) {
      throwIfCancelled(signal);
      return texts.map((text) => {
        const named = ['red', 'green', 'blue'].map((colour) => (text.toLowerCase().includes(colour) ? 1 : 0));
        return normalised(Float32Array.from([...named, 0.1]));
      });
    },
    async media(media, { signal }) {
      throwIfCancelled(signal);
      mustTake('colours', takes, media);
      return media.flatMap((medium) => {
        if (!('pixels' in medium)) return [];
        const sum = new Float32Array(4);
        for (const [at, value] of medium.pixels.rgb.entries()) sum[at % 3] = (sum[at % 3] ?? 0) + value;
        sum[3] = 1;
        return [normalised(sum)];
      });
    },
    close: async () => {},
  };
}
