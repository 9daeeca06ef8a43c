import { resolve } from 'node:path';
import type { Embedder, Embedding } from '#contract/ports.ts';
import { type LineOptions, startWorker, workerModule } from '#runtime/worker/host.ts';
import { sha256Of } from '../weights.ts';
import { graphIn, mustHave } from './files.ts';
import { SENTENCE_MODELS, type SentenceKind } from './model.ts';
import type { SentenceReply, SentenceRequest } from './protocol.ts';

/** Texts sent at once: enough to fill several batches, few enough that other requests soon have their turn. */
const TEXTS_PER_CALL = 64;

/**
 * An encoder for sentences in a process of its own, from the folder that holds its graph and its tokenizer. The longest texts go
 * first: one that is too long is refused before anything is computed, and texts of like length fill a batch best. Throws
 * `embed.model-unusable` when a file is missing.
 */
export async function sentenceEmbedder(
  kind: SentenceKind,
  { id, modelDir, ...line }: { readonly id: string; readonly modelDir: string } & LineOptions,
): Promise<Embedder> {
  const folder = resolve(modelDir);
  const model = SENTENCE_MODELS[kind];
  const weightsSha256 = await sha256Of([await graphIn(folder, model)]);
  await mustHave(folder, ['tokenizer.json', 'tokenizer_config.json']);
  const worker = startWorker(workerModule(import.meta.url), { ...line, name: id });
  return {
    id,
    capabilities: { ...model.capabilities, weightsSha256 },
    async embed(texts, { signal }, purpose = 'query') {
      const longestFirst = texts.map((text, at) => ({ at, text })).sort((a, b) => b.text.length - a.text.length);
      const embeddings = new Array<Embedding>(texts.length);
      for (let from = 0; from < longestFirst.length; from += TEXTS_PER_CALL) {
        const some = longestFirst.slice(from, from + TEXTS_PER_CALL);
        const request: SentenceRequest = { kind, id, modelDir: folder, purpose, texts: some };
        const reply = await worker.call<SentenceReply>('embed', request, signal, { begun: from > 0 });
        for (const [index, embedding] of reply.entries()) embeddings[some[index]?.at ?? index] = embedding;
      }
      return embeddings;
    },
    close: () => worker.close(),
  };
}
