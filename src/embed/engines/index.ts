import { SensoriumError } from '#contract/error.ts';
import type { Embedder } from '#contract/ports.ts';
import type { LineOptions } from '#runtime/worker/host.ts';
import { CAPABILITIES as MINILM } from './minilm/model.ts';

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
    id: 'all-minilm-l6-v2',
    description: 'all-MiniLM-L6-v2 on onnxruntime: English sentences and short paragraphs, small and quick',
    model: 'all-minilm-l6-v2',
    capabilities: MINILM,
    create: async (modelDir, line) => (await import('./minilm/engine.ts')).minilm(modelDir, line),
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
