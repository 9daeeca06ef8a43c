import type { Embedder, MediaEmbedder } from '#contract/ports.ts';
import type { Space } from '#contract/vector-store.ts';

/** A space together with who makes vectors for it: of texts alone, or of texts and pictures, or of texts and sounds. */
export type OpenSpace =
  | { readonly kind: 'text'; readonly space: Space; readonly embedder: Embedder }
  | {
      readonly kind: 'media';
      readonly space: Space;
      readonly embedder: MediaEmbedder;
      readonly takes: ReadonlySet<'image' | 'audio'>;
    };
