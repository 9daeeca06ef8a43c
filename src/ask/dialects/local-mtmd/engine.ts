import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { AskEvent, AskRequest } from '#contract/chat.ts';
import { SensoriumError } from '#contract/error.ts';
import type { CallContext, LanguageModel } from '#contract/ports.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { startWorker, workerModule } from '#runtime/worker/host.ts';
import { mustAsk } from '../../question.ts';
import type { LocalLlamaOptions } from '../local-llama/engine.ts';
import { unheeded, writingOf } from '../local-llama/options.ts';
import { threadsFor } from '../local-threads.ts';
import { writeMedia } from './media-files.ts';
import { canBeHanded, turnsOf } from './render.ts';
import type { Question, Weights } from './worker.ts';

export interface LocalMtmdOptions extends LocalLlamaOptions {
  /** The GGUF file of the projector that goes with the model. */
  readonly mmproj: string;
}

/**
 * A language model in a process of its own on this machine that sees pictures and hears sound itself, through llama.cpp and
 * its projectors. On a processor a picture takes seconds to minutes, by the size of the projector.
 */
export function localMtmd(options: LocalMtmdOptions): LanguageModel {
  // As for models that only read: little time to stop, behind the voice, and a core is left to the rest.
  const worker = startWorker(workerModule(import.meta.url), {
    graceMs: 180,
    niceness: 10,
    name: options.id,
    maxWaiting: options.maxWaiting,
  });
  const weights: Weights = {
    model: options.id,
    path: options.path,
    mmproj: options.mmproj,
    contextTokens: options.contextTokens,
    threads: threadsFor(options.threads),
  };
  return {
    id: options.id,
    capabilities: options.capabilities,
    accepts: canBeHanded,
    async *ask(request: AskRequest, context: CallContext) {
      mustAsk(request);
      const { turns, media } = turnsOf(request.messages);
      const writing = writingOf(request);
      await mustBeFiles(options);
      throwIfCancelled(context.signal);
      for (const loss of unheeded(options.id, request)) context.note(loss);
      const files = await writeMedia(media, context.signal);
      try {
        const handed = media.map(({ media: { part, kind } }, index) => ({
          part,
          kind,
          path: files.paths[index] ?? '',
        }));
        const question: Question = { turns, media: handed, writing };
        yield* worker.stream<AskEvent>('ask', { weights, question }, context.signal);
      } finally {
        await files.remove();
      }
    },
    async warm() {
      await mustBeFiles(options);
      await worker.prepare('warm', weights);
    },
    close: () => worker.close(),
  };
}

async function mustBeFiles({ id, path, mmproj }: LocalMtmdOptions): Promise<void> {
  for (const one of [path, mmproj]) {
    const found = await stat(one).catch(() => null);
    if (found?.isFile()) continue;
    throw new SensoriumError('ask.unknown-model', `${id} is not whole: ${basename(one)} is not a file.`, {
      hint: 'Check the paths: path/to/model.gguf+path/to/mmproj.gguf',
    });
  }
}
