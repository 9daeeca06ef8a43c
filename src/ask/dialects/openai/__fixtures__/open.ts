import type { LanguageModel } from '#contract/ports.ts';
import { openAi } from '../engine.ts';
import type { Patience } from '#upstream/send.ts';
import { KEY } from './server.ts';

/** The engine against a test server, with short waits. */
export function openTest(baseUrl: string, patience: Partial<Patience> = {}): LanguageModel {
  const known = { audio: 'unknown', image: 'unknown', video: 'unknown', document: 'unknown' } as const;
  return openAi({
    id: 'openai:test-model',
    model: 'test-model',
    baseUrl: new URL(baseUrl),
    keys: { apiKey: KEY, apiSecret: null, appId: null },
    keyName: 'OPENAI_API_KEY',
    maxTokensField: 'max_tokens',
    capabilities: { input: { text: true, ...known }, output: { text: true, audio: 'unknown' }, embeddings: 'unknown', contextTokens: null, languages: 'unknown', source: 'test' },
    patience: { retryBaseMs: 1, failuresBeforeRest: 0, ...patience },
  });
}
