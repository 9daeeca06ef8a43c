import { openWeights } from './open-weights.ts';
import type { Vendor } from './vendor.ts';

/** OpenAI’s API, with vLLM and others behind it. Not verified against a server. */
export const XINFERENCE: Vendor = {
  name: 'xinference',
  title: 'Xinference',
  baseUrl: 'http://127.0.0.1:9997/v1',
  dialect: 'openai',
  variables: { apiKey: 'XINFERENCE_API_KEY', baseUrl: 'XINFERENCE_BASE_URL' },
  needsKey: false,
  maxTokensField: 'max_tokens',
  models: openWeights(['text', 'image', 'audio', 'video']),
};
