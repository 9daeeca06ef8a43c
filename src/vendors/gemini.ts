import type { Vendor } from './vendor.ts';

const DOCS = { source: 'ai.google.dev/gemini-api/docs, models and media understanding', date: '2026-11-26' };

export const GEMINI: Vendor = {
  name: 'gemini',
  title: 'Google’s Gemini, through the Gemini API',
  baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
  dialect: 'gemini',
  variables: { apiKey: 'GEMINI_API_KEY' },
  needsKey: true,
  maxTokensField: 'max_tokens',
  listsModels: false,
  models: [
    {
      names: /^gemini-.*-tts/,
      facts: { input: ['text'], output: ['audio'], embeddings: false },
      ...DOCS,
    },
    {
      // Not the models for live talk, pictures and vectors that bear the same name.
      names: /^gemini(?!.*-(?:live|image|embedding|native-audio|computer-use|robotics))-/,
      facts: {
        input: ['text', 'image', 'audio', 'video', 'document'],
        output: ['text'],
        embeddings: false,
        rules: { hearsVideo: true },
      },
      ...DOCS,
    },
  ],
};
