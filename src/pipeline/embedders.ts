import type { Config } from '#config/index.ts';
import type { Embedder, MediaEmbedder } from '#contract/ports.ts';
import {
  checkEmbedder,
  EMBEDDERS,
  isMediaEmbedder,
  type OpenEmbedderOptions,
  openEmbedder,
  openMediaEmbedder,
} from '#embed/index.ts';
import type { LocalModelStore } from '#models/index.ts';
import type { Parts } from './parts.ts';
import { pool } from './pool.ts';

export interface EmbeddersOptions extends Omit<OpenEmbedderOptions, 'modelDir' | 'isAdded'> {
  readonly store: Pick<LocalModelStore, 'stageOf'>;
  /** The folder of a model of the store, fetched if need be. */
  ensure(model: string, signal: AbortSignal): Promise<string>;
  /** Throws where a caller may not use a name. */
  named(id: string, code: 'embed.unknown-model'): void;
}

/** What makes vectors of media beside texts, as it is set up. */
export interface MediaEmbedders {
  /** Which embedder takes which kind, where one is set up. */
  readonly ids: { readonly image: string | null; readonly audio: string | null };
  /** Whether a name stands for an embedder of media. */
  has(id: string): boolean;
  open(id: string, signal: AbortSignal): Promise<MediaEmbedder>;
}

/** Everything that makes vectors to search with, each opened once, when first needed. */
export function embedders(
  { embed }: Pick<Config, 'embed'>,
  { store, ensure, named, ...options }: EmbeddersOptions,
): Pick<Parts, 'embedderId' | 'embedder'> & { readonly mediaEmbedders: MediaEmbedders; close(): Promise<void> } {
  const isAdded = (id: string) => store.stageOf(id) === 'embed' && !EMBEDDERS.some((known) => known.model === id);
  const optionsFor = (signal: AbortSignal) => ({
    ...options,
    isAdded,
    modelDir: (model: string) => ensure(model, signal),
  });
  const ofText = pool<Embedder>(async (id, signal) => openEmbedder(id, optionsFor(signal), signal));
  const ofMedia = pool<MediaEmbedder>(async (id, signal) => openMediaEmbedder(id, optionsFor(signal), signal));
  const { image, audio } = embed;
  return {
    embedderId: embed.model,
    async embedder(id, signal) {
      named(id, 'embed.unknown-model');
      checkEmbedder(id, isAdded);
      return ofText.get(id, signal);
    },
    mediaEmbedders: {
      ids: { image, audio },
      has: (id) => id === image || id === audio || isMediaEmbedder(id),
      async open(id, signal) {
        named(id, 'embed.unknown-model');
        return ofMedia.get(id, signal);
      },
    },
    close: async () => void (await Promise.allSettled([ofText.close(), ofMedia.close()])),
  };
}
