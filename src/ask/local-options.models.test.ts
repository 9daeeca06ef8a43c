import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AskRequest } from '#contract/chat.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { modelFolder } from '../../test/model-folder.ts';
import { askAll } from './conformance.ts';
import { DEFAULT_MODEL, languageModelFor } from './index.ts';

const asking = (content: string, options: Partial<AskRequest> = {}): AskRequest => ({
  messages: [{ role: 'user', content }],
  ...options,
});

describe('what the default model heeds', () => {
  let model: LanguageModel;
  beforeAll(async () => {
    model = await languageModelFor(DEFAULT_MODEL, { modelDir: await modelFolder(DEFAULT_MODEL), maxWaiting: 1 });
  });
  afterAll(() => model.close());

  it('stops at a text that is not part of the answer, and shows none of it', async () => {
    const count = 'Count from 1 to 10 in digits.';
    const whole = (await askAll(model, asking(count))).answer.text;
    expect(whole).toContain('6, 7');
    const { answer, pieces } = await askAll(model, asking(count, { stop: ['nowhere', '6, 7'] }));
    expect(answer.text).toBe(whole.slice(0, whole.indexOf('6, 7')));
    expect(answer.finishReason).toBe('stop');
    expect(pieces.join('')).toBe(answer.text);
  });

  it('gives out what only began like a text to stop at', async () => {
    const { answer, pieces } = await askAll(model, asking('Say exactly: Hello.', { stop: ['Hello. And then'] }));
    expect(answer.text).toContain('Hello');
    expect(pieces.join('')).toBe(answer.text);
  });

  it('answers in JSON when told to', async () => {
    const request = asking('The capital of France as JSON with one field.', {
      responseFormat: { kind: 'json' },
      maxTokens: 300,
    });
    const { answer, pieces } = await askAll(model, request);
    expect(JSON.parse(answer.text)).toBeTypeOf('object');
    expect(pieces.join('')).toBe(answer.text);
  });

  it('keeps to a JSON Schema', async () => {
    const schema = {
      type: 'object',
      properties: {
        city: { type: 'string' },
        country: { enum: ['France', 'Spain'] },
        population: { type: ['integer', 'null'] },
        sights: { type: 'array', items: { $ref: '#/$defs/sight' }, minItems: 2, maxItems: 2 },
      },
      required: ['city', 'country', 'population', 'sights'],
      additionalProperties: false,
      $defs: { sight: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } },
    };
    const format = { kind: 'json-schema', name: 'city', schema, strict: true } as const;
    const { answer } = await askAll(model, asking('Describe Paris.', { responseFormat: format, maxTokens: 300 }));
    expect(JSON.parse(answer.text)).toEqual({
      city: expect.stringContaining('Paris'),
      country: 'France',
      population: expect.toSatisfy((value) => value === null || Number.isInteger(value)),
      sights: [{ name: expect.any(String) }, { name: expect.any(String) }],
    });
  });

  it('repeats itself less the higher the penalties are', async () => {
    const variety = async (penalty: number) => {
      const options = { frequencyPenalty: penalty, presencePenalty: penalty, maxTokens: 80 };
      const text = (await askAll(model, asking('Write “la la la” a hundred times.', options))).answer.text;
      const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
      return new Set(words).size / words.length;
    };
    expect(await variety(2)).toBeGreaterThan(await variety(-0.5));
  });

  it('reads the result of a function', async () => {
    const messages: AskRequest['messages'] = [
      { role: 'user', content: 'How warm is it in Oslo?' },
      { role: 'assistant', content: '', toolCalls: [{ id: 'a', name: 'warmth', arguments: '{"city":"Oslo"}' }] },
      { role: 'tool', toolCallId: 'a', content: '{"celsius": 17}' },
    ];
    const { answer, losses } = await askAll(model, { messages, tools: [{ name: 'warmth' }], maxTokens: 60 });
    expect(answer.text).toContain('17');
    expect(losses).toMatchObject([{ kind: 'option-ignored', text: 'tools' }]);
  });

  it('tells those who come when too many wait already', async () => {
    const outcomes = await Promise.allSettled(
      [1, 2, 3].map(() => askAll(model, asking('Say hello.', { maxTokens: 3 }))),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(outcomes[2]).toMatchObject({ reason: { code: 'runtime.busy' } });
  });
});
