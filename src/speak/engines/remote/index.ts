import { SensoriumError } from '#contract/error.ts';
import type { SpeechEngine, Voice } from '#contract/ports.ts';
import { endpointOf, mustBeOpen, type Provider } from '#upstream/endpoint.ts';
import { isSelfHosted } from '#vendors/index.ts';
import { BAIDU_VOICES } from '../baidu-tts/voices.ts';
import { COSYVOICE_VOICES } from '../cosyvoice/voices.ts';
import { GLM_VOICES } from '../glm-tts/voices.ts';
import { IFLYTEK_VOICES } from '../iflytek-tts/voices.ts';
import { OPENAI_VOICES } from '../openai-speech/voices.ts';
import { QWEN_VOICES } from '../qwen-tts/voices.ts';
import type { RemoteEngine } from './engine.ts';

/** Servers that speak, by the vendor's name; a provider of any other name is spoken to as OpenAI's speech. One entry each. */
export const REMOTE_VOICES: Readonly<Record<string, RemoteEngine>> = {
  cosyvoice: {
    about: 'CosyVoice’s own server',
    model: 'CosyVoice-300M-SFT',
    voices: COSYVOICE_VOICES,
    open: async (speaking) => (await import('../cosyvoice/engine.ts')).cosyVoice(speaking),
  },
  'gpt-sovits': {
    about: 'GPT-SoVITS, with a recording on its server as a voice',
    model: '',
    voices: [],
    open: async (speaking) => (await import('../gpt-sovits/engine.ts')).gptSovits(speaking),
  },
  baidu: {
    about: 'Baidu’s voices, by their numbers',
    model: 'tts',
    voices: BAIDU_VOICES,
    open: async (speaking) => (await import('../baidu-tts/engine.ts')).baiduVoice(speaking),
  },
  openai: {
    about: 'any server with OpenAI’s speech',
    model: 'gpt-4o-mini-tts',
    voices: OPENAI_VOICES,
    open: async (speaking) => (await import('../openai-speech/engine.ts')).openAiSpeech(speaking),
  },
  glm: {
    about: 'Zhipu’s GLM-TTS, and voices cloned there',
    model: 'glm-tts',
    voices: GLM_VOICES,
    open: async (speaking) => (await import('../glm-tts/engine.ts')).glmTts(speaking),
  },
  qwen: {
    about: 'Qwen-TTS and CosyVoice at Alibaba Model Studio',
    model: 'qwen3-tts-flash',
    voices: QWEN_VOICES,
    open: async (speaking) =>
      speaking.model.startsWith('cosyvoice')
        ? (await import('../qwen-tts/cosyvoice.ts')).cosyVoice(speaking)
        : (await import('../qwen-tts/engine.ts')).qwenTts(speaking),
  },
  iflytek: {
    about: 'iFlytek’s synthesis over signed WebSockets, and its super-humanlike voices',
    model: 'tts',
    voices: IFLYTEK_VOICES,
    open: async (speaking) => (await import('../iflytek-tts/engine.ts')).iflytekTts(speaking),
  },
};

const FALLBACK = 'openai';

/** The voices of a vendor as they are listed: `qwen:Cherry`. */
export function remoteVoicesOf(name: string): readonly Voice[] {
  const rows = Object.hasOwn(REMOTE_VOICES, name) ? (REMOTE_VOICES[name]?.voices ?? []) : [];
  return rows.map((row) => ({ ...row, id: `${name}:${row.name}`, engine: name }));
}

/** The synthesiser a vendor speaks with where nobody names one. */
export function remoteSynthesisersOf(name: string): readonly string[] {
  const engine = Object.hasOwn(REMOTE_VOICES, name) ? REMOTE_VOICES[name] : undefined;
  return engine ? [engine.model] : [];
}

/** Whether a voice is on somebody else's server: `provider:voice` or `provider:model/voice`. */
export function isRemoteVoice(voice: string): boolean {
  return /^[^:]+:.+$/s.test(voice);
}

/** The engine for such a voice. Throws `speak.unknown-voice`, `speak.key-refused`, `speak.offline`. */
export async function remoteSpeechFor(
  voice: string,
  { providers, offline = false }: { providers: Readonly<Record<string, Provider>>; offline?: boolean | undefined },
): Promise<SpeechEngine> {
  const [, name = '', rest = ''] = /^([^:]+):(.+)$/s.exec(voice) ?? [];
  const kind = Object.hasOwn(REMOTE_VOICES, name) ? name : FALLBACK;
  const engine = REMOTE_VOICES[kind];
  if (!engine || (kind !== name && !Object.hasOwn(providers, name) && !isSelfHosted(name))) {
    throw new SensoriumError('speak.unknown-voice', `There is no server called “${name}” to speak with.`, {
      hint: `Known: ${Object.keys(REMOTE_VOICES).join(', ')}, and any of your providers as NAME:VOICE.`,
      details: { voice },
    });
  }
  const endpoint = endpointOf(name, providers[name]);
  mustBeOpen(endpoint, voice, offline, 'speak');
  const at = rest.lastIndexOf('/');
  const known = remoteVoicesOf(name);
  // A cloned voice is in no list.
  const asked: Voice = { id: voice, name: rest.slice(at + 1), language: 'und', gender: 'unknown', engine: name };
  const voices = known.some(({ id }) => id.toLowerCase() === voice.toLowerCase()) ? known : [...known, asked];
  return engine.open({ ...endpoint, model: at < 0 ? engine.model : rest.slice(0, at), voices });
}
