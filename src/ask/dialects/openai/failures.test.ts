import { createServer } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { SensoriumError } from '#contract/error.ts';
import type { Patience } from '#upstream/send.ts';
import { retryAfterMs } from '#upstream/send.ts';
import { askAll } from '../../conformance.ts';
import { openTest } from './__fixtures__/open.ts';
import { KEY, type Script, startServer, type TestServer } from './__fixtures__/server.ts';
import { chunk, delta, happy, refusal, sse } from './__fixtures__/streams.ts';

const ASK = { messages: [{ role: 'user' as const, content: 'Hi' }] };
let server: TestServer | undefined;
afterEach(async () => {
  const faults = server?.faults ?? [];
  await server?.close();
  server = undefined;
  expect(faults).toEqual([]);
});

/** Asks a server that always answers so; gives the error and how often the server was asked. */
async function fail(
  script: Script,
  patience: Partial<Patience> = {},
): Promise<{ error: SensoriumError; asked: number }> {
  server = await startServer(() => script);
  const error = await askAll(openTest(server.baseUrl, patience), ASK).catch((thrown: unknown) => thrown);
  if (!(error instanceof SensoriumError)) throw new Error(`Expected an error of ours, got ${String(error)}`);
  expect(`${error.message} ${error.hint} ${JSON.stringify(error.details)}`).not.toContain(KEY);
  return { error, asked: server.seen.length };
}

const page = '<html><head><title>502 Bad Gateway</title></head><body><h1>nginx</h1></body></html>';

// status, body, code, times asked, part of the message
it.each([
  [400, refusal('Bad value for n.'), 'ask.refused', 1, 'Bad value for n.'],
  [
    400,
    refusal('This model’s maximum context length is 8192 tokens.', 'context_length_exceeded'),
    'ask.too-long',
    1,
    '8192',
  ],
  [400, refusal('Range of input length should be [1, 30720]'), 'ask.too-long', 1, '30720'],
  [400, refusal('Access denied, account in arrears.', 'Arrearage'), 'ask.quota-spent', 1, 'arrears'],
  [400, refusal('temperature must be at most 1'), 'ask.refused', 1, 'at most 1'],
  [
    401,
    refusal(`Incorrect API key provided: ${KEY}.`, 'invalid_api_key'),
    'ask.key-refused',
    1,
    'Incorrect API key provided',
  ],
  [401, refusal('Incorrect API key: sk-pr****************cdef'), 'ask.key-refused', 1, '[key]'],
  [401, '{"error":"Unauthorized"}', 'ask.key-refused', 1, 'Unauthorized'],
  [401, '{"message":"HMAC signature cannot be verified"}', 'ask.key-refused', 1, 'HMAC'],
  [402, '{"error":{"message":"Insufficient Balance"}}', 'ask.quota-spent', 1, 'Insufficient Balance'],
  [403, refusal('Not in your region.'), 'ask.key-refused', 1, 'region'],
  [404, refusal('The model `test-model` does not exist', 'model_not_found'), 'ask.unknown-model', 1, 'does not exist'],
  [
    404,
    '{"object":"error","message":"The model `x` does not exist.","code":404}',
    'ask.unknown-model',
    1,
    'does not exist',
  ],
  [404, '<html><title>404 Not Found</title></html>', 'ask.refused', 1, '404 Not Found'],
  [408, refusal('Timed out'), 'ask.upstream-failed', 3, 'Timed out'],
  [409, refusal('Conflict'), 'ask.upstream-failed', 3, 'Conflict'],
  [413, refusal('Request body is large'), 'ask.too-long', 1, 'large'],
  [
    422,
    '{"detail":[{"loc":["body","messages",0],"msg":"Field required"}]}',
    'ask.refused',
    1,
    'body.messages.0 Field required',
  ],
  [429, refusal('Slow down', 'rate_limit_exceeded', 'tokens'), 'ask.rate-limited', 3, 'Slow down'],
  [
    429,
    refusal('You exceeded your current quota', 'insufficient_quota', 'insufficient_quota'),
    'ask.quota-spent',
    1,
    'quota',
  ],
  [500, refusal('The server had an error', null, 'server_error'), 'ask.upstream-failed', 3, 'had an error'],
  [501, '{"error":{"message":"not here"}}', 'ask.upstream-failed', 1, 'not here'],
  [502, page, 'ask.upstream-failed', 3, '502 Bad Gateway'],
  [503, '', 'ask.upstream-failed', 3, 'gave no reason'],
  [504, 'upstream\n\ttimed out', 'ask.upstream-failed', 3, 'upstream timed out'],
  [307, '', 'ask.refused', 1, '307'],
])('%i %s → %s, asked %i times', async (status, body, code, asked, part) => {
  const outcome = await fail({ status, headers: { 'content-type': 'application/json' }, pieces: [body] });
  expect(outcome.error).toMatchObject({ code, details: { status, model: 'test-model' } });
  expect(outcome.error.message).toContain(part);
  expect(outcome.error.message).toMatch(/^127\.0\.0\.1:\d+ answered /);
  expect(outcome.error.message).not.toContain('\n');
  expect(outcome.error.hint).not.toBe('');
  expect(outcome.asked).toBe(asked);
});

it('cuts a server’s long words', async () => {
  const { error } = await fail({ status: 400, pieces: [refusal('x'.repeat(100_000))] });
  expect(error.message.length).toBeLessThan(400);
});

// chunk in a stream that began well, code, part of the message
it.each([
  [
    'an error object',
    sse([{ error: { message: 'Overloaded', type: 'server_error' } }]),
    'ask.upstream-failed',
    'Overloaded',
  ],
  ['an error as a word', sse([{ error: 'Out of memory' }]), 'ask.upstream-failed', 'Out of memory'],
  ['an error event', 'event: error\ndata: {"message":"Boom"}\n\n', 'ask.upstream-failed', 'Boom'],
  ['an error event in words', 'event: error\ndata: Boom\n\n', 'ask.upstream-failed', 'Boom'],
  ['a flat error', sse([{ object: 'error', message: 'CUDA', code: 500 }]), 'ask.upstream-failed', 'CUDA'],
  ['a code that is not zero', sse([{ code: 10_013, message: 'Review', sid: 'cha' }]), 'ask.upstream-failed', 'Review'],
  [
    'a content filter',
    sse([{ error: { message: 'Output inappropriate', code: 'data_inspection_failed' } }]),
    'ask.refused',
    'Output',
  ],
  ['a failure as finish reason', sse([delta(null, 'abort')]), 'ask.upstream-failed', 'abort'],
  ['a line that is not JSON', 'data: {"choices": [\n\n', 'ask.upstream-failed', 'not JSON'],
  ['a line that is no object', 'data: 7\n\n', 'ask.upstream-failed', 'not a chat completion'],
])('fails on %s in a stream', async (_, line, code, part) => {
  const { error, asked } = await fail({ pieces: [sse([chunk({ choices: [] }), delta('Well, ')]), line, happy('no')] });
  expect(error.code).toBe(code);
  expect(error.message).toContain(part);
  expect(error.message).toMatch(/ broke off its answer: /);
  expect(asked).toBe(1);
});

it.each([
  ['a web page', [page], '502 Bad Gateway'],
  ['nothing', [], 'in the middle'],
  ['an empty answer without a reason', ['{}'], 'in the middle'],
  ['an error with a good status', [refusal('No GPU')], 'No GPU'],
  ['half a JSON answer', ['{"choices":[{"message":'], '{"choices"'],
])('fails on %s with status 200', async (_, pieces, part) => {
  const { error } = await fail({ pieces });
  expect(error).toMatchObject({ code: 'ask.upstream-failed', message: expect.stringContaining(part) });
});

it('tries again until it works', async () => {
  server = await startServer((_, count) =>
    count < 3 ? { status: 503, pieces: [''] } : { pieces: [happy('Third time')] },
  );
  expect((await askAll(openTest(server.baseUrl), ASK)).answer.text).toBe('Third time');
});

it('tries again when the connection breaks before an answer', async () => {
  let broken = 0;
  const breaker = createServer((socket) => {
    broken++;
    socket.once('data', () => socket.resetAndDestroy());
  });
  await new Promise<void>((resolve) => breaker.listen(0, '127.0.0.1', resolve));
  const { port } = breaker.address() as { port: number };
  await expect(askAll(openTest(`http://127.0.0.1:${port}/v1`), ASK)).rejects.toMatchObject({
    code: 'ask.upstream-failed',
  });
  expect(broken).toBe(3);
  breaker.close();
});

it('comes back when told to, and does not wait where that is long', async () => {
  const soon = await fail({ status: 429, headers: { 'retry-after-ms': '5' }, pieces: [refusal('Wait')] });
  expect(soon.asked).toBe(3);
  await server?.close();
  const late = await fail({ status: 429, headers: { 'retry-after': '3600' }, pieces: [refusal('Wait')] });
  expect(late.asked).toBe(1);
  expect(late.error).toMatchObject({ hint: 'Ask again in 3600 s.', details: { retryAfterMs: 3_600_000 } });
});

it.each([
  ['true', 400, 3],
  ['false', 503, 1],
])('does as x-should-retry: %s says', async (value, status, times) => {
  const { asked } = await fail({ status, headers: { 'x-should-retry': value }, pieces: [refusal('Hm')] });
  expect(asked).toBe(times);
});

it('reads both clocks of Retry-After', () => {
  const now = Date.parse('Wed, 10 Jul 2019 07:35:43 GMT');
  expect(retryAfterMs({ 'retry-after': '2' }, now)).toBe(2_000);
  expect(retryAfterMs({ 'retry-after': 'Wed, 10 Jul 2019 07:35:48 GMT' }, now)).toBe(5_000);
  expect(retryAfterMs({ 'retry-after': 'Wed, 10 Jul 2019 07:00:00 GMT' }, now)).toBe(0);
  expect(retryAfterMs({ 'retry-after-ms': '1.5', 'retry-after': '9' }, now)).toBe(1.5);
  for (const odd of ['', 'soon', '-1']) expect(retryAfterMs({ 'retry-after': odd }, now)).toBeNull();
});

it('stops waiting for its turn when cancelled', async () => {
  server = await startServer(() => ({ status: 503, headers: { 'retry-after': '9' }, pieces: [''] }));
  const controller = new AbortController();
  const asking = askAll(openTest(server.baseUrl), ASK, controller.signal);
  await expect.poll(() => server?.seen.length).toBe(1);
  controller.abort();
  await expect(asking).rejects.toMatchObject({ code: 'kit.cancelled' });
});

it('names the host when nobody listens there', async () => {
  const free = createServer();
  await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
  const { port } = free.address() as { port: number };
  await new Promise((resolve) => free.close(resolve));
  await expect(askAll(openTest(`http://127.0.0.1:${port}/v1`), ASK)).rejects.toMatchObject({
    code: 'ask.unreachable',
    message: `127.0.0.1:${port} cannot be reached (ECONNREFUSED).`,
  });
});

it('gives up a server that does not begin, and one that stops', async () => {
  const mute = createServer(() => {});
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  const { port } = mute.address() as { port: number };
  const silent = openTest(`http://127.0.0.1:${port}/v1`, { headTimeoutMs: 50 });
  await expect(askAll(silent, ASK)).rejects.toMatchObject({
    message: expect.stringContaining('did not begin to answer'),
  });
  mute.close();
  const { error } = await fail({ pieces: [sse([delta('Well')])], ending: 'silence' }, { stallTimeoutMs: 50 });
  expect(error).toMatchObject({
    code: 'ask.upstream-failed',
    message: expect.stringContaining('stopped in the middle'),
  });
});

it.each(['The secret plan of our company is to', 'The secret plan of our company is to sell ice.\nAnd more'])(
  'says nothing of what a server repeats of the conversation (%j)',
  async (echoed) => {
    const content = 'The secret plan of our company is to sell ice.';
    server = await startServer(() => ({ status: 400, pieces: [refusal(`Bad input: ${echoed}`)] }));
    const asking = askAll(openTest(server.baseUrl), { messages: [{ role: 'user', content }] });
    await expect(asking).rejects.toMatchObject({
      code: 'ask.refused',
      message: expect.stringMatching(/Bad input: \[the text it was sent\]$/),
    });
  },
);
