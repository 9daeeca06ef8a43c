import type { Llama } from 'node-llama-cpp';
import { SensoriumError } from '#contract/error.ts';
import { loadOptional } from './optional.ts';

export type {
  ChatHistoryItem,
  ChatWrapper,
  Llama,
  LlamaChat,
  LlamaContextSequence,
  LlamaGrammar,
  LlamaModel,
} from 'node-llama-cpp';

/** llama.cpp for Node, loaded when first needed. Only worker processes should use it. */
export function loadLlama(): Promise<typeof import('node-llama-cpp')> {
  return loadOptional('node-llama-cpp', () => import('node-llama-cpp'));
}

/**
 * Starts llama.cpp on the processor with `threads` threads, using the build for this kind of processor that came with the
 * package. It never compiles and never downloads one, and it prints nothing.
 */
export async function startLlama(threads: number): Promise<Llama> {
  const { getLlama, LlamaLogLevel, NoBinaryFoundError } = await loadLlama();
  try {
    return await getLlama({
      gpu: false,
      build: 'never',
      skipDownload: true,
      progressLogs: false,
      logLevel: LlamaLogLevel.error,
      logger: () => {},
      maxThreads: threads,
    });
  } catch (error) {
    if (!(error instanceof NoBinaryFoundError)) throw error;
    throw new SensoriumError('runtime.package-missing', 'node-llama-cpp has no build that runs on this machine.', {
      hint: 'Install it again without leaving out its optional packages: npm install node-llama-cpp --include=optional',
      details: { package: 'node-llama-cpp' },
      cause: error,
    });
  }
}
