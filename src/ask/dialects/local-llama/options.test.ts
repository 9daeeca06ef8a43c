import { expect, it } from 'vitest';
import { mediaPart } from '../../__fixtures__/media.ts';
import { localLlama } from './engine.ts';
import { unheeded, writingOf } from './options.ts';
import { historyOf } from './render.ts';

const ASK = { messages: [{ role: 'user' as const, content: 'Hi' }] };

it('takes from a request what the process heeds', () => {
  expect(writingOf(ASK)).toEqual({
    temperature: 0,
    maxTokens: 512,
    stop: [],
    frequencyPenalty: 0,
    presencePenalty: 0,
  });
  expect(
    writingOf({
      ...ASK,
      temperature: 1,
      maxTokens: 5,
      topP: 0.5,
      seed: 7,
      stop: ['a', ''],
      frequencyPenalty: 1,
      presencePenalty: -1,
      responseFormat: { kind: 'json' },
    }),
  ).toEqual({
    temperature: 1,
    maxTokens: 5,
    topP: 0.5,
    seed: 7,
    stop: ['a'],
    frequencyPenalty: 1,
    presencePenalty: -1,
    grammar: 'json',
  });
});

it('notes each thing it does not heed, and nothing that makes no difference', () => {
  const tools = [{ name: 'add' }];
  const losses = unheeded('m', {
    messages: [{ role: 'user', content: 'Hi', name: 'ada' }],
    tools,
    logprobs: { top: 0 },
    extra: { n: 2, logit_bias: { 1: 5 }, user: null },
  });
  expect(losses.map(({ kind, text }) => [kind, text])).toEqual(
    ['tools', 'logprobs', 'name', 'n', 'logit_bias'].map((name) => ['option-ignored', name]),
  );
  expect(unheeded('m', { ...ASK, tools, toolChoice: 'none', extra: { n: 1 } })).toEqual([]);
});

it('writes calls of functions and their results as words, results in a row as one turn', () => {
  const history = historyOf([
    { role: 'user', content: 'Sums?' },
    {
      role: 'assistant',
      content: '',
      toolCalls: [
        { id: 'a', name: 'add', arguments: '{"a":1}' },
        { id: 'b', name: 'sum', arguments: '' },
      ],
    },
    { role: 'tool', toolCallId: 'a', content: '1' },
    { role: 'tool', toolCallId: 'b', content: '0' },
  ]);
  expect(history).toEqual([
    { type: 'user', text: 'Sums?' },
    { type: 'model', response: ['I call add with {"a":1}.\nI call sum with {}.'] },
    { type: 'user', text: 'The result of add is: 1\nThe result of sum is: 0' },
    { type: 'model', response: [] },
  ]);
});

it('refuses media and schemas it cannot keep to before it starts anything', async () => {
  const model = localLlama({
    id: 'm',
    path: 'nowhere.gguf',
    contextTokens: 1,
    capabilities: {
      input: { text: true, audio: false, image: false, video: false, document: false },
      output: { text: true, audio: false },
      embeddings: false,
      contextTokens: 1,
      languages: 'unknown',
      source: 'test',
    },
  });
  const context = { signal: new AbortController().signal, note: () => {} };
  const first = async (request: Parameters<typeof model.ask>[0]) => {
    for await (const event of model.ask(request, context)) return event;
    return null;
  };
  const media = mediaPart('image', 'image/png', Uint8Array.of(1));
  await expect(first({ messages: [{ role: 'user', content: [{ kind: 'media', media }] }] })).rejects.toMatchObject({
    code: 'ask.refused',
    message: 'm takes words only, and part-1 is none.',
  });
  const schema = { type: 'string', pattern: 'a' };
  await expect(first({ ...ASK, responseFormat: { kind: 'json-schema', name: 's', schema } })).rejects.toMatchObject({
    code: 'ask.refused',
    hint: expect.stringContaining('any JSON'),
  });
  await model.close();
});
