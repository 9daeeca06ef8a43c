import { openWeights } from './open-weights.ts';
import type { Vendor } from './vendor.ts';

/** Spoken to in its own words (`/api/chat`); dialect `openai` speaks to the same server below `/v1`. Source: ollama fb3076099. */
export const OLLAMA: Vendor = {
  name: 'ollama',
  title: 'Ollama',
  baseUrl: 'http://127.0.0.1:11434/v1',
  dialect: 'ollama',
  variables: { apiKey: 'OLLAMA_API_KEY', baseUrl: 'OLLAMA_BASE_URL' },
  needsKey: false,
  maxTokensField: 'max_tokens',
  models: openWeights(['text', 'image']),
};
