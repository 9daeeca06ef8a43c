import type { KindLimits } from '#contract/capabilities.ts';
import type { ModelFacts, Vendor } from './vendor.ts';

const API_DESCRIPTION = { source: 'Zhipu’s OpenAPI description of 2026-07-11 (docs.bigmodel.cn)', date: '2026-07-11' };

/** Its “M” is read as a million bytes, the smaller of the two things it may mean. */
const MB = 1_000_000;

const IMAGE: KindLimits = { mimeTypes: ['image/jpeg', 'image/png'], maxBytes: 5 * MB, maxSidePx: 6000 };
const VIDEO: KindLimits = {
  mimeTypes: ['video/mp4', 'video/matroska', 'video/quicktime'],
  maxBytes: 200 * MB,
};
const DOCUMENT: KindLimits = { maxCount: 50, addressOnly: true };
/** Base64 is an image’s only way in besides an address, and this model has no such way. */
const ONE_IMAGE_BY_ADDRESS: KindLimits = { ...IMAGE, maxCount: 1, addressOnly: true };

const sees = (facts: ModelFacts): ModelFacts => ({ output: ['text'], embeddings: false, ...facts });

export const GLM: Vendor = {
  name: 'glm',
  title: 'Zhipu GLM (BigModel, Z.ai)',
  baseUrl: 'https://open.bigmodel.cn/api/paas/v4',
  regions: { international: 'https://api.z.ai/api/paas/v4' },
  dialect: 'glm',
  variables: { apiKey: 'ZHIPUAI_API_KEY', baseUrl: 'ZHIPUAI_BASE_URL' },
  needsKey: true,
  maxTokensField: 'max_tokens',
  listsModels: false,
  models: [
    {
      names: /^glm-4-voice/,
      facts: {
        input: ['text', 'audio'],
        output: ['text', 'audio'],
        embeddings: false,
        contextTokens: 8192,
        limits: { audio: { mimeTypes: ['audio/wav', 'audio/mpeg'], maxDurationMs: 600_000 } },
        rules: { streamOnly: false, systemWhenSpeaking: true },
      },
      ...API_DESCRIPTION,
    },
    {
      names: /^glm-4v-flash/,
      facts: sees({ input: ['text', 'image'], limits: { image: ONE_IMAGE_BY_ADDRESS } }),
      ...API_DESCRIPTION,
    },
    {
      names: /^glm-4v-plus/,
      facts: sees({
        input: ['text', 'image', 'video'],
        limits: { image: { ...IMAGE, maxCount: 5 }, video: { ...VIDEO, maxBytes: 20 * MB, maxDurationMs: 30_000 } },
      }),
      ...API_DESCRIPTION,
    },
    {
      names: /^glm-4\.1v-thinking/,
      facts: sees({ input: ['text', 'image', 'video'], limits: { image: IMAGE, video: VIDEO } }),
      ...API_DESCRIPTION,
    },
    {
      names: /^glm-(?:5v-turbo|4\.[56]v)/,
      facts: sees({
        input: ['text', 'image', 'video', 'document'],
        limits: { image: { ...IMAGE, maxCount: 50 }, video: VIDEO, document: DOCUMENT },
        rules: { documentsBesideMedia: false },
      }),
      ...API_DESCRIPTION,
    },
    {
      names: /^autoglm-phone/,
      facts: sees({ input: ['text', 'image'], limits: { image: IMAGE } }),
      ...API_DESCRIPTION,
    },
    {
      names: /^embedding-/,
      facts: { input: ['text'], output: [], embeddings: false },
      ...API_DESCRIPTION,
    },
    {
      names: /^glm-(?:4-|4\.[5-7](?!v)|5(?!v))/,
      facts: { input: ['text'], output: ['text'], embeddings: false },
      ...API_DESCRIPTION,
    },
  ],
};
