import { openWeights } from './open-weights.ts';
import type { Vendor } from './vendor.ts';

/** Source: vLLM’s multimodal_inputs.md and chat_utils.py (0046f77). A key is wanted only after `--api-key`. */
export const VLLM: Vendor = {
  name: 'vllm',
  title: 'vLLM',
  baseUrl: 'http://127.0.0.1:8000/v1',
  dialect: 'vllm',
  variables: { apiKey: 'VLLM_API_KEY', baseUrl: 'VLLM_BASE_URL' },
  needsKey: false,
  maxTokensField: 'max_tokens',
  models: openWeights(['text', 'image', 'audio', 'video']),
};
