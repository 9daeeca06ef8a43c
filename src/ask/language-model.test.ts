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
  expect(capabilitiesOf('openai:gpt-4o', { providers: there('http://127.0.0.1:1/v1') })).toEqual({
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

it('takes what the configuration knows of a model: what is listed, and nothing else of the kind', () => {
  const models = {
    seer: { input: ['text', 'image'], contextTokens: 8192, languages: ['zh'] },
    speaker: { output: ['text', 'audio'] },
  } as const;
  const providers = { house: { baseUrl: 'http://127.0.0.1:1/v1', models } };
  expect(capabilitiesOf('house:seer', { providers })).toEqual({
    input: { text: true, audio: false, image: true, video: false, document: false },
    output: { text: true, audio: 'unknown' },
    embeddings: 'unknown',
    contextTokens: 8192,
    languages: ['zh'],
    source: 'configuration',
    date: null,
  });
  expect(capabilitiesOf('house:speaker', { providers })).toMatchObject({
    input: { text: true, image: 'unknown' },
    output: { text: true, audio: true },
    source: 'configuration',
  });
  for (const name of ['other', 'constructor']) {
    expect(capabilitiesOf(`house:${name}`, { providers }).source).toBe('nobody said');
  }
});

// name, kinds taken besides text, spoken answers
it.each([
  ['gpt-4o', ['image', 'document'], false],
  ['gpt-4o-mini-2024-07-18', ['image', 'document'], false],
  ['gpt-4.1-nano', ['image', 'document'], false],
  ['gpt-5.1', ['image', 'document'], false],
  ['gpt-4o-audio-preview', ['audio'], true],
  ['gpt-audio-mini', ['audio'], true],
])('knows the vendor’s own %s', (name, kinds, speaks) => {
  const { input, output, source, embeddings } = capabilitiesOf(`openai:${name}`);
  expect(Object.keys(input).filter((kind) => input[kind as keyof typeof input] === true)).toEqual(
    expect.arrayContaining(['text', ...kinds]),
  );
  expect(Object.values(input).filter((known) => known === true)).toHaveLength(kinds.length + 1);
  expect(Object.values(input)).not.toContain('unknown');
  expect({ audio: output.audio, embeddings, source }).toEqual({
    audio: speaks,
    embeddings: false,
    source: 'OpenAI’s API description 2.3.0',
  });
});

it('knows which of the vendor’s models embed, and of others that nobody said', () => {
  expect(capabilitiesOf('openai:text-embedding-3-small')).toMatchObject({ embeddings: false, output: { text: false } });
  for (const name of ['gpt-4o-realtime-preview', 'gpt-4o-transcribe', 'o9', 'gpt-3.5-turbo', 'gpt-5-image']) {
    expect(capabilitiesOf(`openai:${name}`).source).toBe('nobody said');
  }
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
