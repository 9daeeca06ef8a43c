import type { KindLimits } from '#contract/capabilities.ts';
import type { ModelFacts, Vendor } from './vendor.ts';

const VISION = { source: 'Alibaba Model Studio, vision', date: '2026-11-26' };
const OMNI = { source: 'Alibaba Model Studio, qwen-omni', date: '2026-11-26' };
const SPEECH = { source: 'Alibaba Model Studio, qwen-asr and qwen-tts', date: '2026-11-26' };

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const GB = 10 ** 9;
const MB = 10 ** 6;
/** Bytes go as base64 in a string of at most 10 MB; larger media only as addresses. */
const INLINE = { maxEncodedBytes: 10 * MB };

const IMAGE: KindLimits = {
  ...INLINE,
  mimeTypes: ['image/jpeg', 'image/png', 'image/webp', 'image/bmp', 'image/tiff', 'image/heic'],
  maxBytes: 10 * MB,
  maxCount: 250,
  minSidePx: 11,
  maxRatio: 200,
};
const VIDEO: KindLimits = {
  ...INLINE,
  mimeTypes: ['video/mp4', 'video/quicktime', 'video/matroska', 'video/vnd.avi', 'video/x-flv', 'video/x-ms-asf'],
  maxCount: 64,
  minDurationMs: 2 * SECOND_MS,
};
const AUDIO: KindLimits = { ...INLINE, mimeTypes: ['audio/wav', 'audio/mpeg'] };

/** A model that sees; it does not hear a video's sound. */
function seeing(maxBytes: number, maxDurationMs: number): ModelFacts {
  return {
    input: ['text', 'image', 'video'],
    output: ['text'],
    embeddings: false,
    limits: { image: IMAGE, video: { ...VIDEO, maxBytes, maxDurationMs } },
    rules: { hearsVideo: false },
  };
}

/** A model that sees, hears and speaks, streaming only. */
function omni(rules: ModelFacts['rules'], video: KindLimits = {}): ModelFacts {
  return {
    input: ['text', 'image', 'audio', 'video'],
    output: ['text', 'audio'],
    embeddings: false,
    limits: { image: IMAGE, audio: AUDIO, video: { ...INLINE, mimeTypes: VIDEO.mimeTypes, ...video } },
    rules: { streamOnly: true, hearsVideo: true, ...rules },
  };
}

const TURBO_VIDEO: KindLimits = { maxBytes: 150 * MB, maxDurationMs: 40 * SECOND_MS, maxCount: 1 };

export const QWEN: Vendor = {
  name: 'qwen',
  title: 'Qwen at Alibaba Model Studio (DashScope)',
  baseUrl: 'https://dashscope.aliyuncs.com/compatible-mode/v1',
  regions: {
    beijing: 'https://dashscope.aliyuncs.com/compatible-mode/v1',
    singapore: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
  },
  dialect: 'qwen',
  variables: { apiKey: 'DASHSCOPE_API_KEY', baseUrl: 'DASHSCOPE_BASE_URL' },
  needsKey: true,
  maxTokensField: 'max_tokens',
  models: [
    {
      names: /^(?:qwen3-asr|qwen-audio-3\.0-asr|fun-asr|paraformer)/,
      facts: {
        input: ['audio'],
        output: ['text'],
        embeddings: false,
        limits: { audio: { ...AUDIO, maxBytes: 10 * MB, maxDurationMs: 5 * MINUTE_MS } },
      },
      ...SPEECH,
    },
    {
      names: /^(?:qwen3?-tts|cosyvoice)/,
      facts: { input: ['text'], output: ['audio'], embeddings: false },
      ...SPEECH,
    },
    // Realtime models live on a socket of their own.
    { names: /-realtime(?:-|$)/, facts: { output: ['text', 'audio'], embeddings: false }, ...OMNI },
    {
      names: /^qwen3-omni-30b-a3b-captioner/,
      facts: {
        input: ['text', 'audio'],
        output: ['text'],
        embeddings: false,
        limits: { audio: AUDIO },
        rules: { streamOnly: true },
      },
      ...OMNI,
    },
    { names: /^qwen3\.\d+-omni/, facts: omni({ oneKindPerMessage: false }), ...OMNI },
    {
      names: /^qwen3-omni/,
      facts: omni({ oneKindPerMessage: true }, { maxBytes: 256 * MB, maxDurationMs: 150 * SECOND_MS, maxCount: 1 }),
      ...OMNI,
    },
    {
      names: /^qwen-omni-turbo/,
      facts: omni({ oneKindPerMessage: true, systemWhenSpeaking: false }, TURBO_VIDEO),
      ...OMNI,
    },
    { names: /^qwen2\.5-omni/, facts: omni({ oneKindPerMessage: true }, TURBO_VIDEO), ...OMNI },
    {
      names: /^(?:qwen-audio|qwen2-audio)/,
      facts: { input: ['text', 'audio'], output: ['text'], embeddings: false, limits: { audio: AUDIO } },
      source: 'Alibaba Model Studio, qwen-audio',
      date: '2026-11-26',
    },
    { names: /^qwen3\.[5-9]-plus/, facts: seeing(2 * GB, 120 * MINUTE_MS), ...VISION },
    { names: /^qwen3-vl-(?:plus|flash|235b)/, facts: seeing(2 * GB, 60 * MINUTE_MS), ...VISION },
    { names: /^(?:qwen3-vl|qwen-vl-max)/, facts: seeing(2 * GB, 20 * MINUTE_MS), ...VISION },
    { names: /^(?:qwen-vl-plus|qwen2\.5-vl|qvq)/, facts: seeing(GB, 10 * MINUTE_MS), ...VISION },
    { names: /^qwen2?-vl/, facts: seeing(150 * MB, 40 * SECOND_MS), ...VISION },
  ],
};
