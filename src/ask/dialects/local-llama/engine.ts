import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ModelCapabilities } from '#contract/capabilities.ts';
import type { AskEvent } from '#contract/chat.ts';
import { SensoriumError } from '#contract/error.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { startWorker, workerModule } from '#runtime/worker/host.ts';
import { mustAsk } from '../../question.ts';
import { threadsFor } from '../local-threads.ts';
import { mustBeWords, unheeded, writingOf } from './options.ts';
import type { Question, Weights } from './worker.ts';

export interface LocalLlamaOptions {
  readonly id: string;
  /** The GGUF file. */
  readonly path: string;
  readonly capabilities: ModelCapabilities;
  readonly contextTokens: number;
  /** Most processor threads to use; one core is left free in any case. */
  readonly threads?: number | undefined;
  /** Questions that may wait while another is answered. */
  readonly maxWaiting?: number | undefined;
}

/** A language model in a process of its own on this machine, through llama.cpp. Sampling is greedy unless asked otherwise. */
export function localLlama(options: LocalLlamaOptions): LanguageModel {
  // Loading again takes seconds: a cancelled question gets nearly all of the 200 ms in which everything must be free.
  // A voice needs the processor more: the model writes many times faster than anybody speaks.
  const worker = startWorker(workerModule(import.meta.url), {
    graceMs: 180,
    niceness: 10,
    name: options.id,
    maxWaiting: options.maxWaiting,
  });
  const weights: Weights = {
    model: options.id,
    path: options.path,
    contextTokens: options.contextTokens,
    threads: threadsFor(options.threads),
  };
  return {
    id: options.id,
    capabilities: options.capabilities,
    async *ask(request, context) {
      mustAsk(request);
      mustBeWords(options.id, request.messages);
      const question: Question = { messages: request.messages, writing: writingOf(request) };
      await mustBeFile(options);
      for (const loss of unheeded(options.id, request)) context.note(loss);
      yield* worker.stream<AskEvent>('ask', { weights, question }, context.signal);
    },
    async warm() {
      await mustBeFile(options);
      await worker.prepare('warm', weights);
    },
    close: () => worker.close(),
  };
}

async function mustBeFile({ id, path }: LocalLlamaOptions): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile()) return;
  throw new SensoriumError('ask.unknown-model', `${id} has no weights: ${basename(path)} is not a file.`, {
    hint: 'Check the path, or fetch a model of the store with `sensorium models pull NAME`.',
  });
}
