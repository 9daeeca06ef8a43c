import { SensoriumError } from '#contract/error.ts';
import type { LanguageModel } from '#contract/ports.ts';
import type { LocalLlamaOptions } from './local-llama/engine.ts';
import type { LocalMtmdOptions } from './local-mtmd/engine.ts';
import type { LocalVectorsOptions } from './local-vectors/engine.ts';
import type { RemoteOptions } from './remote.ts';

/** The way to talk to models on this machine. */
export const LOCAL_LLAMA = {
  about: 'GGUF models on this machine, through llama.cpp in a process of its own',
  open: async (options: LocalLlamaOptions): Promise<LanguageModel> =>
    (await import('./local-llama/engine.ts')).localLlama(options),
} as const;

/** The way to models on this machine that see and hear by themselves. */
export const LOCAL_MTMD = {
  about: 'GGUF models with a projector for pictures and sound, through llama.cpp in a process of its own',
  open: async (options: LocalMtmdOptions): Promise<LanguageModel> =>
    (await import('./local-mtmd/engine.ts')).localMtmd(options),
} as const;

/** The way to models on this machine that take vectors among their words. */
export const LOCAL_VECTORS = {
  about: 'GGUF models on this machine that take vectors, through llama.cpp in a process of its own, asked as vLLM is',
  open: async (options: LocalVectorsOptions): Promise<LanguageModel> =>
    (await import('./local-vectors/engine.ts')).localVectors(options),
} as const;

/** A way to talk to language models behind an API. */
export interface RemoteDialect {
  readonly about: string;
  open(options: RemoteOptions): Promise<LanguageModel>;
}

/** The ways to talk to models elsewhere: one entry each, loaded when first used. */
export const REMOTE_DIALECTS: Readonly<Record<string, RemoteDialect>> = {
  anthropic: {
    about: 'Anthropic’s Messages API',
    open: async (options) => (await import('./anthropic/engine.ts')).anthropic(options),
  },
  gemini: {
    about: 'Google’s Gemini API: pictures, sound, video and PDF as they are',
    open: async (options) => (await import('./gemini/engine.ts')).gemini(options),
  },
  glm: {
    about: 'Zhipu’s GLM, in China and at Z.ai: pictures as bare base64, and a model that speaks',
    open: async (options) => (await import('./glm/engine.ts')).glm(options),
  },
  'glm-jwt': {
    about: 'the same, opened by a token that the key signs and that lasts some minutes',
    open: async (options) => (await import('./glm/engine.ts')).glm(options, 'glm-jwt'),
  },
  spark: {
    about: 'iFlytek Spark over HTTP: OpenAI’s chat completions with codes in good answers',
    open: async (options) => (await import('./spark/engine.ts')).spark(options),
  },
  'spark-socket': {
    about: 'iFlytek Spark over signed WebSockets, also where it looks at pictures',
    open: async (options) => (await import('./spark-socket/engine.ts')).sparkSocket(options),
  },
  ernie: {
    about: 'Baidu’s Qianfan, version 2: OpenAI’s chat completions with a safety check of its own',
    open: async (options) => (await import('./ernie/engine.ts')).ernie(options),
  },
  qwen: {
    about: 'Alibaba Model Studio: Qwen’s compatible chat, and the models for sound that are only native',
    open: async (options) => (await import('./qwen/engine.ts')).qwen(options),
  },
  openai: {
    about: 'any server with OpenAI’s chat completions, streamed',
    open: async (options) => (await import('./openai/engine.ts')).openAi(options),
  },
  vllm: {
    about: 'vLLM: OpenAI’s chat completions with sound, video and cache ids',
    open: async (options) =>
      (await import('./openai/engine.ts')).openAi(options, (await import('./vllm/shape.ts')).VLLM_SHAPE),
  },
  'vllm-omni': {
    about: 'vLLM-Omni: vLLM that speaks',
    open: async (options) =>
      (await import('./openai/engine.ts')).openAi(options, (await import('./vllm-omni/shape.ts')).VLLM_OMNI_SHAPE),
  },
  sglang: {
    about: 'SGLang: OpenAI’s chat completions with sound by data URL, and its own address for a prompt of vectors',
    open: async (options) => (await import('./sglang/engine.ts')).sglang(options),
  },
  'llama-server': {
    about: 'llama.cpp’s server, which is asked what it takes',
    open: async (options) => (await import('./llama-server/open.ts')).llamaServer(options),
  },
  ollama: {
    about: 'Ollama in its own words: /api/chat, a line for each piece',
    open: async (options) => (await import('./ollama/engine.ts')).ollama(options),
  },
  'video-llama-controller': {
    about: 'VideoLLaMA2’s controller and workers',
    open: async (options) => (await import('./video-llama/controller.ts')).videoLlamaController(options),
  },
  'video-llama-tcp': {
    about: 'VideoLLaMA3’s demo server over TCP',
    open: async (options) => (await import('./video-llama/tcp.ts')).videoLlamaTcp(options),
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
