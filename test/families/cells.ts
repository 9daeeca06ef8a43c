import type { MediaKind } from '#contract/media.ts';
import type { Route } from '#contract/plan.ts';
import type { ModelFacts } from '#vendors/index.ts';

/** One cell of the table of families: what goes in or comes out, by which route, where. Each is a test of its own. */
export interface Cell {
  readonly family: string;
  readonly what: `${MediaKind} in` | 'speech out' | 'own voice';
  /** The model that is asked. */
  readonly model: string;
  readonly route: Route | 'frames' | 'speech';
  /** Method and path of the request that carries it, as the conformance server sees it. */
  readonly endpoint: string;
  /** Conformance servers that are needed (`name+switch`), and the recogniser and voice that are used. */
  readonly servers: readonly string[];
  readonly hearWith?: string;
  readonly voice?: string;
  /** What the user says of the model in the configuration. */
  readonly facts?: ModelFacts;
}

const QWEN_CHAT = 'POST /compatible-mode/v1/chat/completions';
const QWEN_NATIVE = 'POST /api/v1/services/aigc/multimodal-generation/generation';
const GLM_CHAT = 'POST /api/paas/v4/chat/completions';
const CHAT = 'POST /v1/chat/completions';

const qwen = { family: 'Qwen', servers: ['qwen'] };
const glm = { family: 'GLM', servers: ['glm'] };
const ernie = { family: 'ERNIE', servers: ['ernie', 'baidu'] };
const spark = { family: 'Spark', servers: ['spark', 'iflytek'] };
const llama = { family: 'LLaMA', servers: ['vllm'] };
const videoLlama = { family: 'Video-LLaMA', servers: ['video-llama-controller', 'openai'] };
const selfHosted = { family: 'self-hosted' };
const openai = { family: 'OpenAI', servers: ['openai'] };
const anthropic = { family: 'Anthropic', servers: ['anthropic'] };
const gemini = { family: 'Gemini', servers: ['gemini'] };

export const CELLS: readonly Cell[] = [
  { ...qwen, what: 'image in', model: 'qwen:qwen3-vl-plus', route: 'native', endpoint: QWEN_CHAT },
  {
    ...qwen,
    what: 'video in',
    model: 'qwen:qwen3-vl-plus',
    route: 'native',
    endpoint: QWEN_CHAT,
    hearWith: 'qwen:qwen3-asr-flash',
  },
  { ...qwen, what: 'audio in', model: 'qwen:qwen3-omni-flash', route: 'native', endpoint: QWEN_CHAT },
  { ...qwen, what: 'audio in', model: 'qwen:qwen-audio-turbo', route: 'native', endpoint: QWEN_NATIVE },
  {
    ...qwen,
    what: 'audio in',
    model: 'qwen:qwen3-vl-plus',
    route: 'text',
    endpoint: QWEN_CHAT,
    hearWith: 'qwen:qwen3-asr-flash',
  },
  {
    ...qwen,
    what: 'own voice',
    model: 'qwen:qwen3-omni-flash',
    route: 'native',
    endpoint: QWEN_CHAT,
    voice: 'model:Cherry',
  },
  {
    ...qwen,
    what: 'speech out',
    model: 'qwen:qwen3-vl-plus',
    route: 'speech',
    endpoint: QWEN_NATIVE,
    voice: 'qwen:Cherry',
  },
  { ...glm, what: 'image in', model: 'glm:glm-4.6v', route: 'native', endpoint: GLM_CHAT },
  { ...glm, what: 'audio in', model: 'glm:glm-4-voice', route: 'native', endpoint: GLM_CHAT },
  {
    ...glm,
    what: 'audio in',
    model: 'glm:glm-4.6',
    route: 'text',
    endpoint: 'POST /api/paas/v4/audio/transcriptions',
    hearWith: 'glm:glm-asr-2512',
  },
  { ...glm, what: 'own voice', model: 'glm:glm-4-voice', route: 'native', endpoint: GLM_CHAT, voice: 'model' },
  {
    ...glm,
    what: 'speech out',
    model: 'glm:glm-4.6',
    route: 'speech',
    endpoint: 'POST /api/paas/v4/audio/speech',
    voice: 'glm:tongtong',
  },
  {
    ...ernie,
    what: 'image in',
    model: 'ernie:ernie-4.5-turbo-vl',
    route: 'native',
    endpoint: 'POST /v2/chat/completions',
  },
  {
    ...ernie,
    what: 'video in',
    model: 'ernie:ernie-4.5-turbo-vl',
    route: 'native',
    endpoint: 'POST /v2/chat/completions',
    hearWith: 'baidu:asr',
  },
  {
    ...ernie,
    what: 'audio in',
    model: 'ernie:ernie-4.5-turbo-128k',
    route: 'text',
    endpoint: 'POST /server_api',
    hearWith: 'baidu:asr',
  },
  {
    ...ernie,
    what: 'speech out',
    model: 'ernie:ernie-4.5-turbo-128k',
    route: 'speech',
    endpoint: 'POST /text2audio',
    voice: 'baidu:0',
  },
  {
    ...spark,
    what: 'audio in',
    model: 'spark:4.0Ultra',
    route: 'text',
    endpoint: 'WebSocket /v2/iat',
    hearWith: 'iflytek:iat',
  },
  {
    ...spark,
    what: 'speech out',
    model: 'spark:4.0Ultra',
    route: 'speech',
    endpoint: 'WebSocket /v2/tts',
    voice: 'iflytek:xiaoyan',
  },
  {
    ...llama,
    what: 'image in',
    model: 'vllm:meta-llama/Llama-4-Scout-17B-16E-Instruct',
    route: 'native',
    endpoint: CHAT,
  },
  {
    ...llama,
    what: 'image in',
    model: 'vllm:meta-llama/Llama-3.2-11B-Vision-Instruct',
    route: 'native',
    endpoint: CHAT,
  },
  {
    ...llama,
    what: 'video in',
    model: 'vllm:meta-llama/Llama-4-Scout-17B-16E-Instruct',
    route: 'frames',
    endpoint: CHAT,
    servers: ['vllm', 'openai'],
    facts: { limits: { image: { maxCount: 2 } } },
    hearWith: 'openai:whisper-1',
  },
  {
    ...llama,
    what: 'audio in',
    model: 'vllm:meta-llama/Llama-4-Scout-17B-16E-Instruct',
    route: 'text',
    endpoint: CHAT,
    servers: ['vllm', 'openai'],
    hearWith: 'openai:whisper-1',
  },
  {
    ...selfHosted,
    servers: ['llama-server'],
    what: 'image in',
    model: 'llama-server:default',
    route: 'native',
    endpoint: CHAT,
  },
  {
    ...selfHosted,
    servers: ['llama-server+hears'],
    what: 'audio in',
    model: 'llama-server:default',
    route: 'native',
    endpoint: CHAT,
  },
  {
    ...selfHosted,
    servers: ['ollama'],
    what: 'image in',
    model: 'ollama:llama3.2-vision:11b',
    route: 'native',
    endpoint: 'POST /api/chat',
  },
  {
    ...selfHosted,
    servers: ['sglang'],
    what: 'audio in',
    model: 'sglang:Qwen/Qwen2-Audio-7B-Instruct',
    route: 'native',
    endpoint: CHAT,
  },
  {
    ...selfHosted,
    servers: ['vllm', 'openai'],
    what: 'video in',
    model: 'vllm:Qwen/Qwen2.5-VL-7B-Instruct',
    hearWith: 'openai:whisper-1',
    route: 'native',
    endpoint: CHAT,
  },
  {
    ...selfHosted,
    servers: ['vllm'],
    what: 'audio in',
    model: 'vllm:Qwen/Qwen2-Audio-7B-Instruct',
    route: 'native',
    endpoint: CHAT,
  },
  {
    ...selfHosted,
    servers: ['vllm-omni'],
    what: 'own voice',
    model: 'vllm-omni:Qwen/Qwen3-Omni-30B-A3B-Instruct',
    route: 'native',
    endpoint: CHAT,
    voice: 'model',
  },
  {
    ...selfHosted,
    servers: ['vllm', 'cosyvoice'],
    what: 'speech out',
    model: 'vllm:some-model',
    route: 'speech',
    endpoint: 'POST /inference_sft',
    voice: 'cosyvoice:中文女',
  },
  {
    ...videoLlama,
    what: 'video in',
    model: 'video-llama:VideoLLaMA2-7B',
    hearWith: 'openai:whisper-1',
    route: 'native',
    endpoint: 'POST /worker_generate_stream',
  },
  { ...openai, what: 'image in', model: 'openai:gpt-4o', route: 'native', endpoint: CHAT },
  {
    ...openai,
    what: 'document in',
    model: 'openai:gpt-4o',
    route: 'native',
    endpoint: CHAT,
    // What is known of OpenAI's own models is not taken for true of a server elsewhere.
    facts: { input: ['text', 'image', 'document'] },
  },
  { ...openai, what: 'audio in', model: 'openai:gpt-4o-audio-preview', route: 'native', endpoint: CHAT },
  {
    ...openai,
    what: 'audio in',
    model: 'openai:gpt-4o',
    route: 'text',
    endpoint: 'POST /v1/audio/transcriptions',
    hearWith: 'openai:whisper-1',
  },
  {
    ...openai,
    what: 'own voice',
    model: 'openai:gpt-4o-audio-preview',
    route: 'native',
    endpoint: CHAT,
    voice: 'model:alloy',
  },
  {
    ...openai,
    what: 'speech out',
    model: 'openai:gpt-4o',
    route: 'speech',
    endpoint: 'POST /v1/audio/speech',
    voice: 'openai:alloy',
  },
  {
    ...anthropic,
    what: 'image in',
    model: 'anthropic:claude-sonnet-4-5',
    route: 'native',
    endpoint: 'POST /v1/messages',
  },
  {
    ...anthropic,
    what: 'document in',
    model: 'anthropic:claude-sonnet-4-5',
    route: 'native',
    endpoint: 'POST /v1/messages',
  },
  { ...gemini, what: 'image in', model: 'gemini:gemini-2.5-flash', route: 'native', endpoint: 'POST /v1beta/models/*' },
  { ...gemini, what: 'audio in', model: 'gemini:gemini-2.5-flash', route: 'native', endpoint: 'POST /v1beta/models/*' },
  { ...gemini, what: 'video in', model: 'gemini:gemini-2.5-flash', route: 'native', endpoint: 'POST /v1beta/models/*' },
  {
    ...gemini,
    what: 'document in',
    model: 'gemini:gemini-2.5-flash',
    route: 'native',
    endpoint: 'POST /v1beta/models/*',
  },
];

/** What the test of a cell is called. */
export function titleOf({ family, what, model, route, endpoint, hearWith, voice }: Cell): string {
  const by = route === 'text' ? `, heard by ${hearWith}` : voice ? `, spoken by ${voice}` : '';
  return `${family}: ${what} with ${model} goes ${route} through ${endpoint}${by}`;
}
