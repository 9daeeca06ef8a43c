import type { Vendor } from './vendor.ts';

const SDK = { source: 'anthropic-sdk-typescript bfa9197', date: '2026-08-19' };

export const ANTHROPIC: Vendor = {
  name: 'anthropic',
  title: 'Anthropic’s Claude',
  baseUrl: 'https://api.anthropic.com/v1',
  dialect: 'anthropic',
  // Anthropic's own base URL (ANTHROPIC_BASE_URL) has no version in it, so that variable is not read.
  variables: { apiKey: 'ANTHROPIC_API_KEY' },
  needsKey: true,
  maxTokensField: 'max_tokens',
  listsModels: false,
  // The Messages API has blocks for text, pictures and documents, and none for sound or video.
  models: [
    { names: /^claude-/, facts: { input: ['text', 'image', 'document'], output: ['text'], embeddings: false }, ...SDK },
  ],
};
