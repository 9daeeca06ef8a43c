import type { Vendor } from './vendor.ts';

/**
 * llama.cpp’s server. What it takes hangs on the projector it was started with and not on a model’s name, so it is asked.
 * Source: llama.cpp’s tools/server/README.md.
 */
export const LLAMA_SERVER: Vendor = {
  name: 'llama-server',
  title: 'llama.cpp’s llama-server',
  baseUrl: 'http://127.0.0.1:8080/v1',
  dialect: 'llama-server',
  variables: { apiKey: 'LLAMA_API_KEY', baseUrl: 'LLAMA_SERVER_BASE_URL' },
  needsKey: false,
  maxTokensField: 'max_tokens',
  models: [],
};
