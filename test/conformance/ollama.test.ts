import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { languageModelFor } from '#ask/index.ts';
import { evidenceFor } from '#contract/capabilities.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { examineLanguageModel } from '../../src/ask/conformance.ts';
import { ollamaConformance } from '../../src/conformance/ollama/chat.ts';
import { type Running, startConformance } from '../../src/conformance/server.ts';
import { asked, HELLO } from './http-exam.ts';
import { about, medium } from './media.ts';
import { PATIENCE } from './patience.ts';

const SAID = '画面里有一只猫，on a mat 🐈。';

const open = (origin: string, dialect?: string) =>
  languageModelFor('ollama:llama3.2-vision:11b', {
    providers: { ollama: { baseUrl: `${origin}/v1`, dialect, patience: PATIENCE } },
  });

let examined: Running;
beforeAll(async () => {
  examined = await startConformance(ollamaConformance);
});
afterAll(() => {
  expect(examined.faults).toEqual([]);
  return examined.close();
});
examineLanguageModel('a model of Ollama’s', () => open(examined.origin));

describe('ollama', () => {
  let server: Running;
  let model: LanguageModel;
  beforeEach(async () => {
    server = await startConformance(ollamaConformance);
    model = await open(server.origin);
  });
  afterEach(async () => {
    expect(server.faults).toEqual([]);
    await server.close();
  });

  it.each(['happy', 'byte-by-byte'])('A2: streams an answer line by line (%s)', async (name) => {
    server.play(name);
    const got = await asked(model, HELLO);
    expect(got.answer).toMatchObject({
      text: SAID,
      model: 'llama3.2-vision:11b',
      finishReason: 'stop',
      usage: { inputTokens: 21, outputTokens: 6 },
    });
    expect(got.text).toBe(SAID);
    expect(got.losses).toEqual([]);
  });

  it('gives the same answer in one piece', async () => {
    expect((await asked(model, { ...HELLO, stream: false })).answer).toEqual((await asked(model, HELLO)).answer);
  });

  it.each([
    ['A2: an error line in the middle', 'failed-midway', /encountered while running/],
    ['a line that is not JSON', 'malformed-line', /no answer/],
    ['an end without done', 'cut-off', /in the middle/],
    ['a connection that breaks', 'reset-midway', /./],
  ])('%s breaks the answer off, and what came stays', async (_, name, message) => {
    server.play(name);
    const got = await asked(model, HELLO);
    expect(got.error?.code).toBe('ask.upstream-failed');
    expect(got.error?.message).toMatch(message);
    expect(got.text).not.toBe('');
    expect(SAID.startsWith(got.text)).toBe(true);
    expect(got.answer).toBeNull();
  });

  it('A3: says how to fetch a model that is not there', async () => {
    server.play('not-pulled');
    expect((await asked(model, HELLO)).error).toMatchObject({
      code: 'ask.unknown-model',
      hint: 'Fetch it first: ollama pull llama3.2-vision:11b',
    });
  });

  it('does not ask again about weights this build cannot read', async () => {
    server.play('too-old');
    const before = server.seen.length;
    expect((await asked(model, HELLO)).error?.code).toBe('ask.refused');
    expect(server.seen.length - before).toBe(1);
  });

  it('says that an answer was cut short', async () => {
    server.play('length');
    expect((await asked(model, { ...HELLO, maxTokens: 3 })).answer?.finishReason).toBe('length');
    expect(server.seen.at(-1)?.json()).toMatchObject({ options: { num_predict: 3 } });
  });

  it('sends media as bare base64 and options by Ollama’s names', async () => {
    expect(model.accepts?.(medium('image/gif').media)).toBe(false);
    const got = await asked(model, {
      ...about(medium('image/png'), medium('audio/wav')),
      temperature: 0,
      stop: ['.'],
      responseFormat: { kind: 'json-schema', name: 'n', schema: { type: 'object' } },
      extra: { think: false },
    });
    expect(got.error).toBeNull();
    const images = ['image/png', 'audio/wav'].map((type) => Buffer.from(`bytes of ${type}`).toString('base64'));
    expect(server.seen.at(-1)?.json()).toMatchObject({
      messages: [{ images }],
      options: { temperature: 0, stop: ['.'] },
      format: { type: 'object' },
      think: false,
    });
  });

  it('notes what it has no place for', async () => {
    const got = await asked(model, {
      ...HELLO,
      logprobs: { top: 1 },
      tools: [{ name: 'weather' }],
      toolChoice: 'required',
      speak: { voice: null },
      extra: { user: 'somebody' },
    });
    expect(got.losses.map(({ kind, text }) => [kind, text])).toEqual([
      ['option-ignored', 'logprobs'],
      ['option-ignored', 'toolChoice'],
      ['option-ignored', 'speak'],
      ['option-ignored', 'user'],
    ]);
  });

  it('thinks, calls a function, and is given the result by its name', async () => {
    server.play('thinks-and-calls', 1);
    const got = await asked(model, { ...HELLO, tools: [{ name: 'weather' }] });
    const [call] = got.answer?.toolCalls ?? [];
    expect(got.answer).toMatchObject({ finishReason: 'tool-calls', reasoning: '看看天气。' });
    expect(call).toMatchObject({ name: 'weather', arguments: '{"city":"北京"}' });
    if (!call) throw new Error('no call');
    const turns = [
      ...HELLO.messages,
      { role: 'assistant' as const, content: '', toolCalls: [call] },
      { role: 'tool' as const, content: '晴', toolCallId: call.id },
    ];
    expect((await asked(model, { messages: turns })).error).toBeNull();
    expect(server.seen.at(-1)?.json()).toMatchObject({
      messages: [{}, { tool_calls: [{ function: { arguments: { city: '北京' } } }] }, { tool_name: 'weather' }],
    });
  });

  it('says itself what its model takes', async () => {
    expect(model.capabilities.input).toEqual({ text: true, image: true, audio: false, video: false, document: false });
    expect(model.capabilities.contextTokens).toBe(131_072);
    expect(evidenceFor(model.capabilities, 'input.image').source).toBe('POST /api/show');
    const other = await startConformance(ollamaConformance, { switches: ['blind', 'hears'] });
    expect((await open(other.origin)).capabilities.input).toMatchObject({ image: false, audio: true });
    await other.close();
  });

  it('A1: a picture always goes as data, on the compatible way too', async () => {
    const compatible = await open(server.origin, 'openai');
    expect((await asked(compatible, about(medium('image/png'), medium('audio/wav')))).error).toBeNull();
    expect(server.seen.at(-1)?.path).toBe('/v1/chat/completions');
    const byUrl = [{ type: 'image_url', image_url: { url: 'http://example.com/cat.png' } }];
    const refused = await post(server, byUrl);
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('image URLs are not currently supported');
    expect(server.faults.splice(0)).toEqual(['a picture by its address']);
  });

  it('A4: the server also takes a plain string, and data without a type', async () => {
    expect((await post(server, [{ type: 'image_url', image_url: 'data:;base64,QUJD' }])).status).toBe(200);
  });
});

function post({ origin }: Running, content: object[]): Promise<Response> {
  const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content }] });
  return fetch(`${origin}/v1/chat/completions`, { method: 'POST', body });
}
