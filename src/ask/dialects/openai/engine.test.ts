import { afterEach, expect, it } from 'vitest';
import { askAll, examineLanguageModel } from '../../conformance.ts';
import { openTest } from './__fixtures__/open.ts';
import { type Script, type Seen, startServer, type TestServer } from './__fixtures__/server.ts';
import { chunk, DONE, delta, happy, refusal, sse, usage, whole } from './__fixtures__/streams.ts';

const TEXT = 'Grüße 🌸 aus 北京, “dear” friend.';
const ASK = { messages: [{ role: 'user' as const, content: 'Hi' }] };

const servers: TestServer[] = [];
afterEach(async () => {
  const faults = servers.flatMap((server) => server.faults);
  await Promise.all(servers.splice(0).map((server) => server.close()));
  expect(faults).toEqual([]);
});

async function serving(answer: Script | ((seen: Seen, count: number) => Script)): Promise<TestServer> {
  const server = await startServer(typeof answer === 'function' ? answer : () => answer);
  servers.push(server);
  return server;
}

examineLanguageModel('openai dialect', async () => {
  const server = await startServer(({ body }) => {
    if (body.logprobs) return { status: 400, pieces: [refusal("'logprobs' is not supported")] };
    const words = Number(body.max_tokens ?? 50);
    const all = words === 2 ? 'Only two' : `Hello there. ${'A word and more. '.repeat(20)}🌸`;
    const text = body.stop ? all.split(' ')[0] : body.response_format ? '{"colour":"red"}' : all;
    const calls = body.tools
      ? [{ index: 0, id: 'a', type: 'function', function: { name: 'sing', arguments: '{}' } }]
      : [];
    if (body.stream === false) return { pieces: [whole(text ?? '')] };
    const called = chunk({ choices: [{ index: 0, delta: { tool_calls: calls }, finish_reason: null }] });
    return { pieces: [sse([called]), ...happy(text ?? '', words === 2 ? 'length' : 'stop').split(/(?<=\n\n)/)] };
  });
  const model = openTest(server.baseUrl);
  return { ...model, close: () => server.close() };
});

it('sends what was asked and gives text, reason, usage and the model that answered', async () => {
  const server = await serving({ pieces: [happy(TEXT)] });
  const { answer, pieces } = await askAll(openTest(server.baseUrl), {
    ...ASK,
    temperature: 0.5,
    maxTokens: 9,
    seed: 3,
  });
  expect(server.seen[0]?.body).toEqual({
    model: 'test-model',
    messages: [{ role: 'user', content: 'Hi' }],
    stream: true,
    stream_options: { include_usage: true },
    temperature: 0.5,
    seed: 3,
    max_tokens: 9,
  });
  expect(pieces.length).toBeGreaterThan(3);
  expect(answer).toEqual({
    text: TEXT,
    model: 'test-model-2026',
    finishReason: 'stop',
    usage: { inputTokens: 12, outputTokens: 6 },
  });
});

it('reads the same text wherever the packets are cut', async () => {
  const bytes = Buffer.from(sse([delta('é🌸'), delta('北', 'stop')], '\r\n') + DONE);
  const server = await serving((_, count) => ({ pieces: [bytes.subarray(0, count), bytes.subarray(count)] }));
  const model = openTest(server.baseUrl);
  for (let cut = 1; cut < bytes.length; cut++) expect((await askAll(model, ASK)).answer.text).toBe('é🌸北');
  expect(server.seen).toHaveLength(bytes.length - 1);
  // A question may come before the last answer has run out; otherwise the connection is used again.
  expect(server.connections.accepted).toBeLessThan(bytes.length / 10);
});

it.each([
  ['byte by byte', [...Buffer.from(happy(TEXT))].map((byte) => Uint8Array.of(byte))],
  [
    'with comments, empty lines and fields we do not know',
    [': keep-alive\n\n\n\nid: 7\nretry: 10\nfoo: bar\n', happy(TEXT)],
  ],
  ['with a byte order mark', ['\ufeff', happy(TEXT)]],
  ['with lines that end in CR', [happy(TEXT).replaceAll('\n', '\r')]],
  ['without the space after data:', [happy(TEXT).replaceAll('data: ', 'data:')]],
  ['without [DONE]', [happy(TEXT).replace(DONE, '')]],
  ['without its last empty line', [happy(TEXT).replace(DONE, 'data: [DONE]')]],
  ['with an empty data line', ['data:\n\n', happy(TEXT)]],
  ['with more after [DONE]', [happy(TEXT), 'data: {"error":"too late"}\n\n']],
  ['with several choices', [sse([chunk({ choices: [{ index: 1, delta: { content: 'No' } }] })]), happy(TEXT)]],
  [
    'with reasoning beside the text',
    [sse([chunk({ choices: [{ index: 0, delta: { content: null, reasoning_content: 'Hm' } }] })]), happy(TEXT)],
  ],
  ['with thoughts in the text', [sse([delta('<thi'), delta('nk>Hm</th'), delta('ink>\n\n')]), happy(TEXT)]],
  [
    'with text in parts',
    [
      sse([
        chunk({ choices: [{ delta: { content: [{ type: 'text', text: TEXT }] }, finish_reason: 'stop' }] }),
        usage(5),
      ]) + DONE,
    ],
  ],
  ['as one JSON answer', [whole(TEXT)]],
  ['as one JSON answer with space before it', ['\n  ', whole(TEXT)]],
])('reads a stream %s', async (_, pieces) => {
  const server = await serving({ pieces });
  const { answer } = await askAll(openTest(server.baseUrl), ASK);
  expect(answer.text).toBe(TEXT);
  expect(answer.finishReason).toBe('stop');
});

it('joins a character that was sent in two halves', async () => {
  const halves = sse([delta('A\ud83c'), delta('\udf38', 'stop')]) + DONE;
  const server = await serving({ pieces: [halves] });
  expect((await askAll(openTest(server.baseUrl), ASK)).pieces).toEqual(['A', '🌸']);
});

it.each([
  ['length', 'length'],
  ['content_filter', 'content-filter'],
  ['sensitive', 'content-filter'],
  ['tool_calls', 'tool-calls'],
  ['made_up', null],
])('reads the finish reason %s as %s', async (reason, expected) => {
  const server = await serving({ pieces: [happy('Hm', reason)] });
  expect((await askAll(openTest(server.baseUrl), ASK)).answer.finishReason).toBe(expected);
});

it('says null for what the server does not say', async () => {
  const server = await serving({
    pieces: [sse([{ choices: [{ delta: { content: 'Hi' } }], usage: { prompt_tokens: null } }]) + DONE],
  });
  const { answer } = await askAll(openTest(server.baseUrl), ASK);
  expect(answer).toEqual({ text: 'Hi', model: 'test-model', finishReason: null, usage: null });
});

it('counts an answer as whole when only the figures after its end are lost', async () => {
  const server = await serving({ pieces: [sse([delta('Hi', 'stop')])], ending: 'reset' });
  expect((await askAll(openTest(server.baseUrl), ASK)).answer).toMatchObject({ text: 'Hi', usage: null });
});

it.each([
  ['ends', 'end'],
  ['is torn', 'reset'],
] as const)('fails after passing on what came when the stream %s in the middle', async (_, ending) => {
  const server = await serving({ pieces: [sse([delta('Half an')])], ending });
  const texts: string[] = [];
  const reading = (async () => {
    for await (const event of openTest(server.baseUrl).ask(ASK, {
      signal: new AbortController().signal,
      note: () => {},
    })) {
      if (event.kind === 'text-delta') texts.push(event.text);
    }
  })();
  await expect(reading).rejects.toMatchObject({ code: 'ask.upstream-failed' });
  expect(texts).toEqual(['Half an']);
  expect(server.seen).toHaveLength(1);
});

it('asks again without what the server does not know, and remembers', async () => {
  const server = await serving(({ body }) => {
    const refuse = (message: string) => ({ status: 400, pieces: [refusal(message)] });
    if (body.stream_options)
      return {
        status: 422,
        pieces: ['{"detail":[{"loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]}'],
      };
    if (body.max_tokens)
      return refuse(
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      );
    if (body.temperature) return refuse("Unsupported value: 'temperature' does not support 0.5 with this model.");
    return { pieces: [happy('Fine.')] };
  });
  const model = openTest(server.baseUrl);
  const first = await askAll(model, { ...ASK, temperature: 0.5, maxTokens: 9 });
  expect(first.losses).toMatchObject([{ kind: 'option-ignored', text: 'temperature' }]);
  expect(server.seen.at(-1)?.body).toMatchObject({ max_completion_tokens: 9 });
  expect(server.seen).toHaveLength(4);
  expect((await askAll(model, { ...ASK, temperature: 0.5 })).losses).toHaveLength(1);
  expect(server.seen).toHaveLength(5);
});

it('closes the connection at once when cancelled', async () => {
  const server = await serving({ pieces: [sse([delta('One')])], ending: 'silence' });
  const controller = new AbortController();
  const asking = (async () => {
    for await (const _ of openTest(server.baseUrl).ask(ASK, { signal: controller.signal, note: () => {} }))
      controller.abort();
  })();
  await expect(asking).rejects.toMatchObject({ code: 'kit.cancelled' });
  await expect.poll(() => server.connections.leftEarly).toBe(1);
});

it('closes the connection when its reader leaves', async () => {
  const server = await serving({ pieces: [sse([delta('One')])], ending: 'silence' });
  for await (const _ of openTest(server.baseUrl).ask(ASK, { signal: new AbortController().signal, note: () => {} }))
    break;
  await expect.poll(() => server.connections.leftEarly).toBe(1);
});
