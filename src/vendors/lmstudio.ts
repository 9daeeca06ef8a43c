import { openWeights } from './open-weights.ts';
import type { Vendor } from './vendor.ts';

/** OpenAI’s API as far as it goes; pictures only as data. Not verified against a server. */
export const LM_STUDIO: Vendor = {
  name: 'lmstudio',
  title: 'LM Studio',
  baseUrl: 'http://127.0.0.1:1234/v1',
  dialect: 'openai',
  variables: { apiKey: 'LM_STUDIO_API_KEY', baseUrl: 'LM_STUDIO_BASE_URL' },
  needsKey: false,
  maxTokensField: 'max_tokens',
  models: openWeights(['text', 'image']),
};
