import type { Embedder, Embedding } from '#contract/ports.ts';
import { type LineOptions, startWorker, workerModule } from '#runtime/worker/host.ts';
import { CAPABILITIES, ID } from './model.ts';
import type { MinilmReply, MinilmRequest } from './protocol.ts';

/** Texts sent at once: enough to fill several batches, few enough that other requests soon have their turn. */
const TEXTS_PER_CALL = 64;

/**
 * all-MiniLM-L6-v2 in a process of its own, from the folder that holds `model.onnx` and its tokenizer. The longest texts go
 * first: one that is too long is refused before anything is computed, and texts of like length fill a batch best.
 */
export function minilm(modelDir: string, line: LineOptions = {}): Embedder {
  const worker = startWorker(workerModule(import.meta.url), line);
  return {
    id: ID,
    capabilities: CAPABILITIES,
    async embed(texts, { signal }) {
      const longestFirst = texts.map((text, at) => ({ at, text })).sort((a, b) => b.text.length - a.text.length);
      const embeddings = new Array<Embedding>(texts.length);
      for (let from = 0; from < longestFirst.length; from += TEXTS_PER_CALL) {
        const some = longestFirst.slice(from, from + TEXTS_PER_CALL);
        const request: MinilmRequest = { modelDir, texts: some };
        const reply = await worker.call<MinilmReply>('embed', request, signal, { begun: from > 0 });
        for (const [index, embedding] of reply.entries()) embeddings[some[index]?.at ?? index] = embedding;
      }
      return embeddings;
    },
    close: () => worker.close(),
  };
}
