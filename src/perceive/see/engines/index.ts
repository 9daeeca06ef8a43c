import { SensoriumError } from '#contract/error.ts';
import type { Reader } from '#contract/ports.ts';
import type { LineOptions } from '#runtime/worker/host.ts';

/** A reader that can be chosen by its id. */
export interface ReaderEntry {
  readonly id: string;
  /** One sentence for lists. */
  readonly description: string;
  /** Its entry in the model store. */
  readonly model: string;
  readonly capabilities: Reader['capabilities'];
  create(modelDir: string, options: { readonly threads?: number } & LineOptions): Promise<Reader>;
}

/** Every reader of writing in pictures, the default first. One entry each; its code is read when it is chosen. */
export const READERS: readonly ReaderEntry[] = [
  {
    id: 'pp-ocrv4',
    description: 'Printed Chinese and English in any direction, with the probability of every character',
    model: 'pp-ocrv4',
    capabilities: { languages: ['zh', 'en'], characterProbabilities: true },
    create: async (modelDir, options) => (await import('./pp-ocr/engine.ts')).ppOcr(modelDir, options),
  },
];

/** The reader called `id`, as it is listed. Throws `see.unknown-engine`. */
export function readerEntry(id: string): ReaderEntry {
  const entry = READERS.find((known) => known.id === id);
  if (entry) return entry;
  throw new SensoriumError('see.unknown-engine', `There is no reader of pictures called ${JSON.stringify(id)}.`, {
    hint: `Known readers: ${READERS.map((known) => known.id).join(', ')}.`,
  });
}

/**
 * Makes the reader called `id`. `modelDir` finds (and fetches, if need be) the folder of a model by its id in the model store.
 * Throws `see.unknown-engine`.
 */
export async function readerFor(
  id: string,
  { modelDir, ...options }: { modelDir(model: string): Promise<string>; readonly threads?: number } & LineOptions,
): Promise<Reader> {
  const entry = readerEntry(id);
  return entry.create(await modelDir(entry.model), options);
}
