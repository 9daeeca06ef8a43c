import { SensoriumError } from '#contract/error.ts';
import type { Embedder } from '#contract/ports.ts';
import type { LineOptions } from '#runtime/worker/host.ts';
import { SENTENCE_MODELS } from './sentence/model.ts';

/** A text embedder as it is listed before anything of it is loaded. */
export interface EmbedderEntry {
  readonly id: string;
  /** One sentence for lists. */
  readonly description: string;
  /** Its entry in the model store. */
  readonly model: string;
  readonly capabilities: Embedder['capabilities'];
  /** Makes it from the model's folder. Its process starts with the first text. */
  create(modelDir: string, line?: LineOptions): Promise<Embedder>;
}

/** Every text embedder, the default first. One entry each; its code is read when it is chosen. */
export const EMBEDDERS: readonly EmbedderEntry[] = [
  {
    id: 'multilingual-e5-small',
    description: 'multilingual-e5-small on onnxruntime, 4-bit: a hundred languages, Chinese among them',
    model: 'multilingual-e5-small',
    capabilities: SENTENCE_MODELS.e5.capabilities,
    create: async (modelDir, line) =>
      (await import('./sentence/engine.ts')).sentenceEmbedder('e5', { id: 'multilingual-e5-small', modelDir, ...line }),
  },
  {
    id: 'all-minilm-l6-v2',
    description: 'all-MiniLM-L6-v2 on onnxruntime: English sentences and short paragraphs, small and quick',
    model: 'all-minilm-l6-v2',
    capabilities: SENTENCE_MODELS.minilm.capabilities,
    create: async (modelDir, line) =>
      (await import('./sentence/engine.ts')).sentenceEmbedder('minilm', { id: 'all-minilm-l6-v2', modelDir, ...line }),
  },
];

/** The embedder called `id`, as it is listed. Throws `embed.unknown-model`. */
export function embedderEntry(id: string): EmbedderEntry {
  const entry = EMBEDDERS.find((known) => known.id === id);
  if (entry) return entry;
  throw new SensoriumError('embed.unknown-model', `There is no text embedder called ${JSON.stringify(id)}.`, {
    hint: `Known embedders: ${EMBEDDERS.map((known) => known.id).join(', ')}.`,
  });
}
