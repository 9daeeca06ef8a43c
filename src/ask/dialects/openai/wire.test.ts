import { afterEach, expect, it } from 'vitest';
import type { AskRequest } from '#contract/chat.ts';
import { mediaPart } from '../../__fixtures__/media.ts';
import { askAll } from '../../conformance.ts';
import { openTest } from './__fixtures__/open.ts';
import { startServer, type TestServer } from './__fixtures__/server.ts';
import { happy, refusal, whole } from './__fixtures__/streams.ts';

const ASK = { messages: [{ role: 'user' as const, content: 'Hi' }] };
const SCHEMA = { type: 'object', properties: { a: { type: 'number' } } };
const TOOL = { name: 'add', description: 'Adds.', parameters: SCHEMA, strict: true };

let server: TestServer | undefined;
afterEach(async () => {
  const faults = server?.faults ?? [];
  await server?.close();
  server = undefined;
  expect(faults).toEqual([]);
});

async function sent(request: AskRequest): Promise<Record<string, unknown>> {
  server = await startServer(() => ({ pieces: [request.stream === false ? whole('Fine.') : happy('Fine.')] }));
  await askAll(openTest(server.baseUrl), request);
  return server.seen[0]?.body ?? {};
}

it('puts every option on the wire under its name there', async () => {
  const body = await sent({
    ...ASK,
    temperature: 0,
    topP: 0.9,
    maxTokens: 5,
    seed: 1,
    stop: ['\n', 'END'],
    frequencyPenalty: 0.5,
    presencePenalty: -0.5,
    logprobs: { top: 3 },
    tools: [TOOL],
    toolChoice: { name: 'add' },
    responseFormat: { kind: 'json-schema', name: 'sum', schema: SCHEMA, strict: true },
    extra: { parallel_tool_calls: false, user: 'u', logit_bias: { 5: -1 }, stream: 'no', model: 'other', messages: [] },
  });
  expect(body).toEqual({
    model: 'test-model',
    messages: [{ role: 'user', content: 'Hi' }],
    stream: true,
    stream_options: { include_usage: true },
    temperature: 0,
    top_p: 0.9,
    max_tokens: 5,
    seed: 1,
    stop: ['\n', 'END'],
    frequency_penalty: 0.5,
    presence_penalty: -0.5,
    logprobs: true,
    top_logprobs: 3,
    tools: [{ type: 'function', function: TOOL }],
    tool_choice: { type: 'function', function: { name: 'add' } },
    response_format: { type: 'json_schema', json_schema: { name: 'sum', schema: SCHEMA, strict: true } },
    parallel_tool_calls: false,
    user: 'u',
    logit_bias: { 5: -1 },
  });
});

it('sends nothing that was not asked for', async () => {
  expect(Object.keys(await sent(ASK))).toEqual(['model', 'messages', 'stream', 'stream_options']);
  await server?.close();
  expect(await sent({ ...ASK, stream: false, logprobs: { top: 0 }, responseFormat: { kind: 'json' } })).toEqual({
    model: 'test-model',
    messages: [{ role: 'user', content: 'Hi' }],
    stream: false,
    logprobs: true,
    response_format: { type: 'json_object' },
  });
});

it('sends a conversation with functions, names and parts', async () => {
  const text = (words: string) => ({ kind: 'text', text: words }) as const;
  const { messages } = await sent({
    messages: [
      { role: 'system', content: [text('Be'), text('brief.')] },
      { role: 'user', name: 'ada', content: [text('2+2?')] },
      { role: 'assistant', content: '', toolCalls: [{ id: 'c1', name: 'add', arguments: '{"a":2}' }] },
      { role: 'tool', toolCallId: 'c1', content: [text('4')] },
      { role: 'assistant', content: 'Four.' },
      { role: 'user', content: [text('And'), text('now?')] },
    ],
  });
  expect(messages).toEqual([
    { role: 'system', content: 'Be\nbrief.' },
    { role: 'user', name: 'ada', content: '2+2?' },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'c1', type: 'function', function: { name: 'add', arguments: '{"a":2}' } }],
    },
    { role: 'tool', tool_call_id: 'c1', content: '4' },
    { role: 'assistant', content: 'Four.' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'And' },
        { type: 'text', text: 'now?' },
      ],
    },
  ]);
});

it('hands media over as they are, each in its own form', async () => {
  const bytes = Uint8Array.of(1, 2, 3, 250);
  const media = (kind: 'image' | 'audio' | 'video' | 'document', mimeType: string) =>
    ({ kind: 'media', media: mediaPart(kind, mimeType, bytes, { pieceBytes: 1 }) }) as const;
  const { messages } = await sent({
    messages: [
      {
        role: 'user',
        content: [
          { kind: 'text', text: 'What is this?' },
          { ...media('image', 'image/png'), detail: 'low' },
          media('image', 'image/webp'),
          media('audio', 'audio/wav'),
          media('audio', 'audio/mpeg'),
          media('video', 'video/mp4'),
          media('document', 'application/pdf'),
        ],
      },
    ],
  });
  expect(messages).toEqual([
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is this?' },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,AQID+g==', detail: 'low' } },
        { type: 'image_url', image_url: { url: 'data:image/webp;base64,AQID+g==' } },
        { type: 'input_audio', input_audio: { data: 'AQID+g==', format: 'wav' } },
        { type: 'input_audio', input_audio: { data: 'AQID+g==', format: 'mp3' } },
        { type: 'video_url', video_url: { url: 'data:video/mp4;base64,AQID+g==' } },
        { type: 'file', file: { filename: 'thing', file_data: 'data:application/pdf;base64,AQID+g==' } },
      ],
    },
  ]);
});

it('says before sending that a medium has no place', async () => {
  server = await startServer(() => ({ pieces: [happy('no')] }));
  const content = [{ kind: 'media', media: mediaPart('audio', 'audio/flac', Uint8Array.of(1)) }] as const;
  await expect(askAll(openTest(server.baseUrl), { messages: [{ role: 'user', content }] })).rejects.toMatchObject({
    code: 'ask.refused',
    message: 'part-1 is audio/flac, which cannot be handed over as it is.',
  });
  expect(server.seen).toHaveLength(0);
});

const ALL = {
  ...ASK,
  topP: 0.5,
  stop: ['x'],
  frequencyPenalty: 1,
  logprobs: { top: 2 },
  tools: [TOOL],
  toolChoice: 'auto',
  responseFormat: { kind: 'json' },
  extra: { user: 'u', parallel_tool_calls: true },
} as const satisfies AskRequest;

// field refused, in which words, what is noted
it.each([
  ['top_p', "Unsupported parameter: 'top_p' is not supported with this model.", ['topP']],
  ['frequency_penalty', 'frequency_penalty: extra fields not permitted', ['frequencyPenalty']],
  ['stop', "Unsupported parameter: 'stop' is not supported with this model.", ['stop']],
  ['user', 'Unknown field `user`', ['user']],
  ['logprobs', 'logprobs are not supported', ['logprobs']],
  ['tools', '"tools" is not supported by this model', ['tools', 'toolChoice', 'parallel_tool_calls']],
  ['response_format', 'This response_format type is unavailable now', ['responseFormat']],
])('leaves out %s where a server does not know it, notes it, and remembers', async (field, words, noted) => {
  server = await startServer(({ body }) =>
    field in body ? { status: 400, pieces: [refusal(words)] } : { pieces: [happy('Fine.')] },
  );
  const model = openTest(server.baseUrl);
  for (let time = 0; time < 2; time++) {
    const { losses } = await askAll(model, ALL);
    expect(losses.map(({ kind, text }) => [kind, text])).toEqual(noted.map((name) => ['option-ignored', name]));
  }
  expect(server.seen).toHaveLength(3);
  expect((await askAll(model, ASK)).losses).toEqual([]);
});

it('goes by the field that a server names', async () => {
  const body = JSON.stringify({ error: { message: 'Not supported.', param: 'stop' } });
  server = await startServer((seen) =>
    'stop' in seen.body ? { status: 400, pieces: [body] } : { pieces: [happy('ok')] },
  );
  expect((await askAll(openTest(server.baseUrl), ALL)).losses.map(({ text }) => text)).toEqual(['stop']);
});

it.each([
  'Unsupported content in a user message: tools may stop here.',
  "Invalid schema for response_format 'sum': 'minLength' is not permitted.",
  'top_p must be at most 1',
])('leaves nothing out for other reasons: %s', async (words) => {
  server = await startServer(() => ({ status: 400, pieces: [refusal(words)] }));
  await expect(askAll(openTest(server.baseUrl), ALL)).rejects.toMatchObject({ code: 'ask.refused' });
  expect(server.seen).toHaveLength(1);
});

it('still asks for JSON where a server only knows no schema', async () => {
  server = await startServer(({ body }) =>
    (body.response_format as { type: string } | undefined)?.type === 'json_schema'
      ? { status: 400, pieces: [refusal("response_format 'json_schema' is not supported")] }
      : { pieces: [happy('{}')] },
  );
  const model = openTest(server.baseUrl);
  const { losses } = await askAll(model, {
    ...ASK,
    responseFormat: { kind: 'json-schema', name: 's', schema: SCHEMA },
  });
  expect(losses[0]?.message).toBe(
    'The server does not take responseFormat; it was left out. The answer may be of any form.',
  );
  expect((await askAll(model, { ...ASK, responseFormat: { kind: 'json' } })).losses).toEqual([]);
  expect(server.seen.at(-1)?.body.response_format).toEqual({ type: 'json_object' });
});

it('gives one answer where several were asked for, and says so', async () => {
  server = await startServer(() => ({ pieces: [happy('One.')] }));
  const { losses } = await askAll(openTest(server.baseUrl), { ...ASK, extra: { n: 3 } });
  expect(losses).toMatchObject([{ kind: 'option-ignored', text: 'n', action: 'Gave one answer.' }]);
});
