import { SensoriumError } from '#contract/error.ts';
import type { LanguageModel } from '#contract/ports.ts';
import type { LocalLlamaOptions } from './local-llama/engine.ts';
import type { RemoteOptions } from './remote.ts';

/** The way to talk to models on this machine. */
export const LOCAL_LLAMA = {
  about: 'GGUF models on this machine, through llama.cpp in a process of its own',
  open: async (options: LocalLlamaOptions): Promise<LanguageModel> =>
    (await import('./local-llama/engine.ts')).localLlama(options),
} as const;

/** A way to talk to language models behind an API. */
export interface RemoteDialect {
  readonly about: string;
  open(options: RemoteOptions): Promise<LanguageModel>;
}

/** The ways to talk to models elsewhere: one entry each, loaded when first used. */
export const REMOTE_DIALECTS: Readonly<Record<string, RemoteDialect>> = {
  ernie: {
    about: 'Baidu’s Qianfan, version 2: OpenAI’s chat completions with a safety check of its own',
    open: async (options) => (await import('./ernie/engine.ts')).ernie(options),
  },
  openai: {
    about: 'any server with OpenAI’s chat completions, streamed',
    open: async (options) => (await import('./openai/engine.ts')).openAi(options),
  },
};

/** The dialect of this name. Throws `config.invalid`. */
export function remoteDialect(name: string): RemoteDialect {
  const dialect = Object.hasOwn(REMOTE_DIALECTS, name) ? REMOTE_DIALECTS[name] : undefined;
  if (dialect) return dialect;
  throw new SensoriumError('config.invalid', `There is no dialect called “${name}”.`, {
    hint: `Known dialects: ${Object.keys(REMOTE_DIALECTS).join(', ')}.`,
  });
}
