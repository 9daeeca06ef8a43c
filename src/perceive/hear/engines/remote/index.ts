import { SensoriumError } from '#contract/error.ts';
import type { Recogniser } from '#contract/ports.ts';
import { endpointOf, mustBeOpen, type Provider } from '#upstream/endpoint.ts';
import { isSelfHosted } from '#vendors/index.ts';
import { folderNamed } from '../folders.ts';
import type { RemoteEngine } from './engine.ts';

/** Servers that hear, by the vendor's name; a provider of any other name is spoken to as OpenAI's transcriptions. One entry each. */
export const REMOTE_RECOGNISERS: Readonly<Record<string, RemoteEngine>> = {
  baidu: {
    about: 'Baidu’s short speech recognition',
    models: ['asr', 'asr-pro', '1537', '1737', '1637', '1837'],
    open: async (hearing) => (await import('../baidu-asr/engine.ts')).baiduRecogniser(hearing),
  },
  openai: {
    about: 'any server with OpenAI’s transcriptions',
    models: ['gpt-4o-mini-transcribe', 'gpt-4o-transcribe', 'whisper-1'],
    open: async (hearing) => (await import('../openai-transcription/engine.ts')).openAiTranscription(hearing),
  },
  glm: {
    about: 'Zhipu’s GLM-ASR',
    models: ['glm-asr-2512'],
    open: async (hearing) => (await import('../glm-asr/engine.ts')).glmAsr(hearing),
  },
  qwen: {
    about: 'Qwen3-ASR, Fun-ASR and Paraformer at Alibaba Model Studio',
    models: ['qwen3-asr-flash', 'fun-asr-realtime', 'paraformer-realtime-v2'],
    open: async (hearing) =>
      /^(?:fun-asr|paraformer)-realtime/.test(hearing.model)
        ? (await import('../qwen-asr/task.ts')).taskAsr(hearing)
        : (await import('../qwen-asr/engine.ts')).qwenAsr(hearing),
  },
  iflytek: {
    about: 'iFlytek’s dictation over signed WebSockets, with the large model or without, and of dialects',
    models: ['iat', 'iat-slm', 'ast'],
    open: async (hearing) => (await import('../iflytek-iat/engine.ts')).iflytekIat(hearing),
  },
};

/** Whether a recogniser is on somebody else's server: `provider:model`. */
export function isRemoteRecogniser(id: string): boolean {
  return /^[^:]+:.+$/s.test(id) && folderNamed(id) === null;
}

/** The recognisers a vendor is known to have, the default first. */
export function remoteRecognisersOf(name: string): readonly string[] {
  return Object.hasOwn(REMOTE_RECOGNISERS, name) ? (REMOTE_RECOGNISERS[name]?.models ?? []) : [];
}

const FALLBACK = 'openai';

/** The recogniser `provider:model` on somebody else's server. Throws `hear.unknown-engine`, `hear.key-refused`, `hear.offline`. */
export async function remoteRecogniserFor(
  id: string,
  { providers, offline = false }: { providers: Readonly<Record<string, Provider>>; offline?: boolean | undefined },
): Promise<Recogniser> {
  const [, name = '', model = ''] = /^([^:]+):(.+)$/s.exec(id) ?? [];
  const kind = Object.hasOwn(REMOTE_RECOGNISERS, name) ? name : FALLBACK;
  const engine = REMOTE_RECOGNISERS[kind];
  if (!engine || (kind !== name && !Object.hasOwn(providers, name) && !isSelfHosted(name))) {
    throw new SensoriumError('hear.unknown-engine', `There is no server called “${name}” to hear with.`, {
      hint: `Known: ${Object.keys(REMOTE_RECOGNISERS).join(', ')}, and any of your providers as NAME:MODEL.`,
    });
  }
  const endpoint = endpointOf(name, providers[name]);
  mustBeOpen(endpoint, id, offline, 'hear');
  return engine.open({ ...endpoint, id, model });
}
