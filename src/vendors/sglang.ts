import { openWeights } from './open-weights.ts';
import type { Vendor } from './vendor.ts';

/** Source: SGLang’s openai/protocol.py. */
export const SGLANG: Vendor = {
  name: 'sglang',
  title: 'SGLang',
  baseUrl: 'http://127.0.0.1:30000/v1',
  dialect: 'sglang',
  variables: { apiKey: 'SGLANG_API_KEY', baseUrl: 'SGLANG_BASE_URL' },
  needsKey: false,
  maxTokensField: 'max_tokens',
  models: openWeights(['text', 'image', 'audio', 'video']),
};
