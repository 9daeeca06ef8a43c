import type { Reader } from '#contract/ports.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { type LineOptions, startWorker, workerModule } from '#runtime/worker/host.ts';
import { readAlphabet } from './alphabet.ts';
import { assembled } from './assemble.ts';
import { ID } from './model.ts';
import type { ReadCall, ReadReply } from './worker.ts';

/**
 * PP-OCRv4 mobile: printed Chinese (mostly simplified) and English, in any direction, with the probability of every character.
 * `modelDir` holds the model's files; `threads` are those of its own process.
 */
export function ppOcr(
  modelDir: string,
  { threads = 2, maxWaiting }: { readonly threads?: number } & LineOptions = {},
): Reader {
  const worker = startWorker(workerModule(import.meta.url), { maxWaiting });
  const alphabet = new Set(readAlphabet(modelDir));
  return {
    id: ID,
    capabilities: { languages: ['zh', 'en'], characterProbabilities: true },
    canWrite: (character) => alphabet.has(character),
    async read({ part, pixels }, { signal, note }) {
      throwIfCancelled(signal);
      const call: ReadCall = { modelDir, pixels, threads };
      return assembled(await worker.call<ReadReply>('read', call, signal), part, note);
    },
    close: () => worker.close(),
  };
}
