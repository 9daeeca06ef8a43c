import { openWeights } from './open-weights.ts';
import type { Vendor } from './vendor.ts';

/** Source: vLLM-Omni’s serving_chat.py and its guides, whose examples use port 8091. */
export const VLLM_OMNI: Vendor = {
  name: 'vllm-omni',
  title: 'vLLM-Omni',
  baseUrl: 'http://127.0.0.1:8091/v1',
  dialect: 'vllm-omni',
  variables: { apiKey: 'VLLM_OMNI_API_KEY', baseUrl: 'VLLM_OMNI_BASE_URL' },
  needsKey: false,
  maxTokensField: 'max_tokens',
  models: openWeights(['text', 'image', 'audio', 'video'], { speaks: true }),
};
