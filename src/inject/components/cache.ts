import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Loss } from '#contract/loss.ts';
import type { ComponentInput, EmbeddingComponent } from '#contract/ports.ts';
import type { PromptVectors } from '#contract/prompt-vectors.ts';

const MAX_BYTES = 64 * 1024 * 1024;

interface Kept {
  readonly vectors: PromptVectors;
  readonly losses: readonly Loss[];
}

/** Vectors by what they were made of and what made them, for all components of this process together. */
const kept = new LRUCache<string, Kept>({
  maxSize: MAX_BYTES,
  sizeCalculation: ({ vectors }) => Math.max(1, vectors.values.byteLength + vectors.surrogate.length * 2),
});

/**
 * The same component, which makes vectors of the same content only once: a repeated request skips the encoder and gets the same
 * bits, and what was lost on the way is told again. `identity` tells it from every other component: what it is made of and its model.
 */
export function remembering(component: EmbeddingComponent, identity: string, memory = kept): EmbeddingComponent {
  return {
    manifest: component.manifest,
    embed: async (input, context) => {
      const key = createHash('sha256')
        .update(`${identity}\n${contentOf(input)}`)
        .digest('hex');
      const known = memory.get(key);
      if (known) {
        for (const loss of known.losses) context.note({ ...loss, part: loss.part === null ? null : input.part });
        // A copy: whoever is handed the numbers may write into them.
        return { ...known.vectors, part: input.part, values: known.vectors.values.slice() };
      }
      const losses: Loss[] = [];
      const note = (loss: Loss) => {
        losses.push(loss);
        context.note(loss);
      };
      const vectors = await component.embed(input, { signal: context.signal, note });
      memory.set(key, { vectors: { ...vectors, values: vectors.values.slice() }, losses });
      return vectors;
    },
    close: () => component.close(),
  };
}

function contentOf({ media, perception, text }: ComponentInput): string {
  // Which part it was says nothing of what is in it.
  const perceived = perception && { ...perception, part: '' };
  return JSON.stringify([media?.media.sha256 ?? null, perceived, text]);
}
