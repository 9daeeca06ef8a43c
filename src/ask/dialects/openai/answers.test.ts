import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import type { AskEvent } from '#contract/chat.ts';
import { lineReader } from '#upstream/lines.ts';
import { askAll } from '../../conformance.ts';
import { openTest } from './__fixtures__/open.ts';
import { startServer, type TestServer } from './__fixtures__/server.ts';
import { chunk, DONE, delta, happy, refusal, sse, whole } from './__fixtures__/streams.ts';
import { readChunk } from './chunk.ts';
import { collect } from './collect.ts';

const ASK = { messages: [{ role: 'user' as const, content: 'Hi' }] };
const AT_ONCE = { ...ASK, stream: false };
const PEER = { stage: 'ask' as const, host: 'test', model: 'test-model', keyName: 'KEY', secrets: [] };

let server: TestServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const says = (delta: object, finish_reason: string | null = null, more: object = {}): object =>
  chunk({ choices: [{ index: 0, delta, finish_reason, ...more }] });
const token = (text: string, logprob: number) => ({ token: text, logprob, bytes: [...Buffer.from(text)] });
const calls = (index: number | undefined, id: string | undefined, name: string | undefined, given: string): object =>
  says({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: given } }] });

/** Every kind of event in one stream. */
const RICH =
  sse([
    says({ role: 'assistant', content: '', reasoning_content: 'Hm, 北' }),
    says({ content: 'A🌸' }, null, {
      logprobs: { content: [{ ...token('A🌸', -0.5), top_logprobs: [token('A🌸', -0.5), token('B', -1.5)] }] },
    }),
    says({ content: ' b' }, null, { logprobs: { content: [{ token: ' b', logprob: -2 }] } }),
    calls(0, 'call_a', 'add', ''),
    calls(0, '', undefined, '{"a":'),
    calls(1, 'call_b', 'see', '{}'),
    calls(0, undefined, undefined, '"é"}'),
    says({ refusal: 'I will ' }),
    says({ refusal: 'not.' }),
    says({}, 'tool_calls'),
    chunk({
      choices: [],
      usage: {
        prompt_tokens: 20,
        completion_tokens: 9,
        prompt_tokens_details: { cached_tokens: 8, audio_tokens: 5, text_tokens: 15 },
        completion_tokens_details: { reasoning_tokens: 3, audio_tokens: 0 },
      },
    }),
  ]) + DONE;

async function eventsOf(pieces: readonly Uint8Array[]): Promise<AskEvent[]> {
  const collected = collect('test-model');
  const events: AskEvent[] = [];
  const reader = lineReader(PEER);
  const lines = pieces.flatMap((piece) => reader.push(Buffer.from(piece)));
  for (const line of [...lines, ...reader.end()]) {
    const read = line.kind === 'json' ? readChunk(line.json) : null;
    if (read) events.push(...collected.take(read));
  }
  return [...events, ...collected.end()];
}

it('tells everything an answer can hold, as it comes and as a whole', async () => {
  server = await startServer(() => ({ pieces: [RICH] }));
  const { events, answer } = await askAll(openTest(server.baseUrl), ASK);
  const logprobs = [
    {
      text: 'A🌸',
      logprob: -0.5,
      bytes: [65, 240, 159, 140, 184],
      top: [
        { text: 'A🌸', logprob: -0.5, bytes: [65, 240, 159, 140, 184] },
        { text: 'B', logprob: -1.5, bytes: [66] },
      ],
    },
    { text: ' b', logprob: -2, bytes: null, top: [] },
  ];
  expect(events.slice(0, -1)).toEqual([
    { kind: 'reasoning-delta', text: 'Hm, 北' },
    { kind: 'text-delta', text: 'A🌸', logprobs: [logprobs[0]] },
    { kind: 'text-delta', text: ' b', logprobs: [logprobs[1]] },
    { kind: 'tool-call-delta', index: 0, id: 'call_a', name: 'add', arguments: '' },
    { kind: 'tool-call-delta', index: 0, arguments: '{"a":' },
    { kind: 'tool-call-delta', index: 1, id: 'call_b', name: 'see', arguments: '{}' },
    { kind: 'tool-call-delta', index: 0, arguments: '"é"}' },
    { kind: 'refusal-delta', text: 'I will ' },
    { kind: 'refusal-delta', text: 'not.' },
  ]);
  expect(answer).toEqual({
    text: 'A🌸 b',
    model: 'test-model-2026',
    finishReason: 'tool-calls',
    usage: {
      inputTokens: 20,
      outputTokens: 9,
      cachedTokens: 8,
      inputAudioTokens: 5,
      outputAudioTokens: 0,
      reasoningTokens: 3,
    },
    toolCalls: [
      { id: 'call_a', name: 'add', arguments: '{"a":"é"}' },
      { id: 'call_b', name: 'see', arguments: '{}' },
    ],
    logprobs,
    reasoning: 'Hm, 北',
    refusal: 'I will not.',
  });
});

it('tells the same events wherever a stream is cut', async () => {
  const bytes = Buffer.from(RICH);
  const expected = await eventsOf([bytes]);
  expect(expected.length).toBeGreaterThan(9);
  for (let cut = 1; cut < bytes.length; cut++) {
    expect(await eventsOf([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(expected);
  }
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: bytes.length - 1 })), async (cuts) => {
      const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      const pieces = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
      expect(await eventsOf(pieces)).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});

it.each([
  [
    'without an index',
    [calls(undefined, 'a', 'f', '{}'), calls(undefined, 'b', 'g', '{'), calls(undefined, undefined, undefined, '}')],
  ],
  [
    'whole, several at once',
    [
      says({
        tool_calls: [
          { id: 'a', function: { name: 'f', arguments: {} } },
          { id: 'b', function: { name: 'g', arguments: '{}' } },
        ],
      }),
    ],
  ],
  ['with their names at every piece', [calls(0, 'a', 'f', '{'), calls(0, 'a', 'f', '}'), calls(1, 'b', 'g', '{}')]],
])('reads calls %s', async (_, chunks) => {
  server = await startServer(() => ({ pieces: [sse([...chunks, says({}, 'tool_calls')]) + DONE] }));
  const { answer, events } = await askAll(openTest(server.baseUrl), ASK);
  expect(answer.toolCalls).toEqual([
    { id: 'a', name: 'f', arguments: '{}' },
    { id: 'b', name: 'g', arguments: '{}' },
  ]);
  const named = events.flatMap((event) => (event.kind === 'tool-call-delta' && event.name ? [event.name] : []));
  expect(named).toEqual(['f', 'g']);
});

it('gives a call an id where the server gives none, the same in pieces and whole', async () => {
  server = await startServer(() => ({
    pieces: [sse([says({ function_call: { name: 'f', arguments: '{}' } }, 'function_call')]) + DONE],
  }));
  const { answer, events } = await askAll(openTest(server.baseUrl), ASK);
  expect(answer).toMatchObject({ finishReason: 'tool-calls', toolCalls: [{ name: 'f', arguments: '{}' }] });
  expect(answer.toolCalls?.[0]?.id).toMatch(/^call_./);
  expect(events[0]).toMatchObject({ id: answer.toolCalls?.[0]?.id });
});

it('takes the transcript of a spoken answer as its text', async () => {
  const spoken = [{ id: 'audio_1', transcript: 'Hel' }, { transcript: 'lo.' }, { data: 'AAAA' }].map((audio) =>
    says({ content: null, audio }),
  );
  server = await startServer(() => ({ pieces: [sse([...spoken, says({}, 'stop')]) + DONE] }));
  expect((await askAll(openTest(server.baseUrl), ASK)).pieces).toEqual(['Hel', 'lo.']);
});

it('tells thoughts written into the text apart from it, with their tokens', async () => {
  const pieces = ['<thi', 'nk>Hm 北', '</th', 'ink>\n\n', 'Yes'];
  const chunks = pieces.map((text) => says({ content: text }, null, { logprobs: { content: [token(text, -1)] } }));
  server = await startServer(() => ({ pieces: [sse([...chunks, says({}, 'stop')]) + DONE] }));
  const { answer } = await askAll(openTest(server.baseUrl), ASK);
  expect(answer).toMatchObject({ text: 'Yes', reasoning: 'Hm 北' });
  expect(answer.logprobs?.at(-1)?.text).toBe('Yes');
});

const WHOLE = {
  id: 'c',
  object: 'chat.completion',
  model: 'test-model-2026',
  choices: [
    {
      index: 0,
      message: {
        role: 'assistant',
        content: 'A 🌸',
        reasoning: 'Hm',
        refusal: null,
        tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
      logprobs: { content: [{ ...token('A 🌸', -1), top_logprobs: [] }] },
      finish_reason: 'tool_calls',
    },
    { index: 1, message: { role: 'assistant', content: 'Other' }, finish_reason: 'stop' },
  ],
  usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
};

it.each([
  ['with its length', { 'content-length': String(Buffer.byteLength(JSON.stringify(WHOLE))) }],
  ['in chunks', {}],
])('reads an answer in one piece %s', async (_, headers) => {
  server = await startServer(() => ({ headers: headers as Record<string, string>, pieces: [JSON.stringify(WHOLE)] }));
  const { events, answer } = await askAll(openTest(server.baseUrl), AT_ONCE);
  expect(server.seen[0]?.body).toMatchObject({ stream: false });
  expect(server.seen[0]?.body).not.toHaveProperty('stream_options');
  expect(server.seen[0]?.headers.accept).toBe('application/json');
  expect(events.map(({ kind }) => kind)).toEqual(['reasoning-delta', 'text-delta', 'tool-call-delta', 'answer-end']);
  expect(answer).toEqual({
    text: 'A 🌸',
    model: 'test-model-2026',
    finishReason: 'tool-calls',
    usage: { inputTokens: 1, outputTokens: 2 },
    toolCalls: [{ id: 'a', name: 'f', arguments: '{}' }],
    logprobs: [{ text: 'A 🌸', logprob: -1, bytes: [...Buffer.from('A 🌸')], top: [] }],
    reasoning: 'Hm',
  });
});

it('reads a stream from a server that streams although it was asked not to', async () => {
  for (const headers of [{}, { 'content-length': String(Buffer.byteLength(happy('Hello there.'))) }]) {
    server = await startServer(() => ({ headers: headers as Record<string, string>, pieces: [happy('Hello there.')] }));
    expect((await askAll(openTest(server.baseUrl), AT_ONCE)).answer).toMatchObject({
      text: 'Hello there.',
      finishReason: 'stop',
    });
    await server.close();
  }
});

it.each([
  ['half an answer', whole('Hi').slice(0, 40), 'ask.upstream-failed'],
  ['a web page', '<html><title>Oops</title></html>', 'ask.upstream-failed'],
  ['an error with a good status', refusal('No GPU'), 'ask.upstream-failed'],
  ['nothing', '', 'ask.upstream-failed'],
  ['half a stream', sse([delta('Well')]), 'ask.upstream-failed'],
])('fails on %s in one piece', async (_, body, code) => {
  for (const headers of [{}, { 'content-length': String(Buffer.byteLength(body)) }]) {
    server = await startServer(() => ({ headers: headers as Record<string, string>, pieces: [body] }));
    await expect(askAll(openTest(server.baseUrl), AT_ONCE)).rejects.toMatchObject({ code });
    await server.close();
  }
});

it('waits longer for an answer in one piece to begin than for a stream', async () => {
  const mute = createServer((request, response) => {
    request.resume();
    response.on('error', () => {});
  });
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(mute.address() as AddressInfo).port}/v1`;
  const model = openTest(baseUrl, { headTimeoutMs: 50, wholeTimeoutMs: 60_000 });
  const controller = new AbortController();
  const waiting = askAll(model, AT_ONCE, controller.signal);
  // The stream is given up; the other then still waits, until nobody wants it.
  await expect(askAll(model, ASK)).rejects.toMatchObject({ message: expect.stringContaining('did not begin') });
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'kit.cancelled' });
  mute.close().closeAllConnections();
});

it.each([
  ['a stream', ASK],
  ['an answer in one piece', AT_ONCE],
])('closes the connection of %s that nobody waits for any more, before it began', async (_, request) => {
  let closed = 0;
  let asked = 0;
  const mute = createServer((incoming, response) => {
    asked++;
    incoming.resume();
    response.on('close', () => closed++);
  });
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  const controller = new AbortController();
  const model = openTest(`http://127.0.0.1:${(mute.address() as AddressInfo).port}/v1`);
  const asking = askAll(model, request, controller.signal);
  await expect.poll(() => asked).toBe(1);
  controller.abort();
  await expect(asking).rejects.toMatchObject({ code: 'kit.cancelled' });
  await expect.poll(() => closed).toBe(1);
  mute.close().closeAllConnections();
});
