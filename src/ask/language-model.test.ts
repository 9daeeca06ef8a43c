import { expect, it } from 'vitest';
import { capabilitiesOf, languageModelFor } from './language-model.ts';
import { localModels } from './local-models.ts';

const there = (baseUrl: string, apiKey: string | null = null) => ({ openai: { baseUrl, apiKey } });

it('says of local models what they can do, without opening them', () => {
  for (const { id } of localModels()) {
    expect(capabilitiesOf(id)).toMatchObject({
      input: { text: true, audio: false, image: false },
      contextTokens: 4096,
    });
  }
  expect(capabilitiesOf('x.gguf', { contextTokens: 512 }).contextTokens).toBe(512);
});

it('says of a model behind an API that nobody said', () => {
  expect(capabilitiesOf('openai:gpt-4o')).toEqual({
    input: { text: true, audio: 'unknown', image: 'unknown', video: 'unknown', document: 'unknown' },
    output: { text: true, audio: 'unknown' },
    embeddings: 'unknown',
    contextTokens: null,
    languages: 'unknown',
    source: 'nobody said',
  });
});

it('lets the user know better', () => {
  const input = { text: true, audio: true, image: false, video: false, document: false } as const;
  expect(capabilitiesOf('openai:gpt-4o', { capabilities: { input } })).toMatchObject({
    input,
    source: 'configuration',
  });
});

it('opens an endpoint of its own name without a key', async () => {
  const model = await languageModelFor('house:m', { providers: { house: { baseUrl: 'http://127.0.0.1:1/v1/' } } });
  expect(model.id).toBe('house:m');
});

it.each([
  [
    'a local model without its weights',
    'smollm2-135m-instruct',
    {},
    'ask.unknown-model',
    /models pull smollm2-135m-instruct/,
  ],
  ['an id nobody knows', 'gpt-4o', {}, 'ask.unknown-model', /openai:MODEL/],
  ['the vendor without a key', 'openai:gpt-4o', {}, 'ask.key-refused', /OPENAI_API_KEY/],
  [
    'an empty key',
    'openai:gpt-4o',
    { providers: there('https://api.openai.com/v1', ' ') },
    'ask.key-refused',
    /OPENAI_API_KEY/,
  ],
  [
    'a key with odd characters',
    'openai:m',
    { providers: there('http://127.0.0.1:1/v1', 'sk-ü') },
    'ask.key-refused',
    /OPENAI_API_KEY/,
  ],
  [
    'a base URL that is none',
    'openai:m',
    { providers: there('localhost') },
    'config.invalid',
    /providers\.openai\.baseUrl/,
  ],
  ['a base URL of a file', 'openai:m', { providers: there('file:///etc') }, 'config.invalid', /http/],
  [
    'another machine while offline',
    'openai:m',
    { offline: true, providers: there('http://10.0.0.1/v1') },
    'ask.offline',
    /local model/,
  ],
])('refuses %s', async (_, id, options, code, hint) => {
  await expect(languageModelFor(id, options)).rejects.toMatchObject({ code, hint: expect.stringMatching(hint) });
});

it.each(['http://127.0.0.1:8080/v1', 'http://localhost/v1', 'http://[::1]:1/v1'])(
  'asks this machine offline: %s',
  async (url) => {
    expect((await languageModelFor('openai:m', { offline: true, providers: there(url) })).id).toBe('openai:m');
  },
);

it('says that weights are missing before it starts anything', async () => {
  const model = await languageModelFor('nowhere/model.gguf');
  await expect(model.warm()).rejects.toMatchObject({ code: 'ask.unknown-model' });
  await model.close();
});
