import type { Vendor } from './vendor.ts';

const API_DESCRIPTION = { source: 'OpenAI’s API description 2.3.0', date: '2026-08-21' };

export const OPENAI: Vendor = {
  name: 'openai',
  title: 'OpenAI, and any server that speaks its API',
  baseUrl: 'https://api.openai.com/v1',
  dialect: 'openai',
  variables: { apiKey: 'OPENAI_API_KEY', baseUrl: 'OPENAI_BASE_URL' },
  needsKey: true,
  maxTokensField: 'max_completion_tokens',
  isAlsoAnApi: true,
  models: [
    {
      names: /^text-embedding-/,
      facts: { input: ['text'], output: [], embeddings: false },
      ...API_DESCRIPTION,
    },
    {
      names: /^gpt-(?:4o(?:-mini)?-)?audio(?:-|$)/,
      facts: { input: ['text', 'audio'], output: ['text', 'audio'], embeddings: false },
      ...API_DESCRIPTION,
    },
    {
      // Not the models for speech, search and pictures that bear the same name.
      names: /^gpt-(?:4o|4\.1|5)(?!.*-(?:audio|realtime|transcribe|tts|search|image))/,
      facts: { input: ['text', 'image', 'document'], output: ['text'], embeddings: false },
      ...API_DESCRIPTION,
    },
  ],
};
