import type { LanguageModel } from '#contract/ports.ts';
import type { LocalLlamaOptions } from './local-llama/engine.ts';
import type { OpenAiOptions } from './openai/engine.ts';

/** The ways to talk to a language model: one line each, loaded when first used. */
export const DIALECTS = {
  'local-llama': {
    about: 'GGUF models on this machine, through llama.cpp in a process of its own',
    open: async (options: LocalLlamaOptions): Promise<LanguageModel> =>
      (await import('./local-llama/engine.ts')).localLlama(options),
  },
  openai: {
    about: 'any server with OpenAI’s chat completions, streamed',
    open: async (options: OpenAiOptions): Promise<LanguageModel> =>
      (await import('./openai/engine.ts')).openAi(options),
  },
} as const;
