import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeTensor } from '#kit/tensor/tensor.ts';
import { writeTinyLlama } from '../../../inject/engine/__fixtures__/tiny-models.ts';
import { installedVersion } from '../../optional.ts';
import { type LibllamaProcess, startLibllama } from '../client.ts';
import type { EngineAddress } from './server.ts';

const isMissing = installedVersion('koffi') === null || installedVersion('node-llama-cpp') === null;
if (isMissing) console.log('skipped: koffi or node-llama-cpp is not installed');

const { signal } = new AbortController();
const WIDTH = 64;

interface Completion {
  readonly choices: readonly {
    readonly index: number;
    readonly text: string;
    readonly finish_reason: string;
    readonly logprobs: {
      readonly tokens: readonly string[];
      readonly token_logprobs: readonly number[];
      readonly top_logprobs: readonly Record<string, number>[];
      readonly text_offset: readonly number[];
    } | null;
  }[];
  readonly usage: Record<string, number>;
}

describe.skipIf(isMissing)('the engine’s server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sensorium-engine-'));
  const letGo = new AbortController();
  let engine: LibllamaProcess;
  let address: EngineAddress;
  let held: AsyncIterator<EngineAddress>;
  let tokens: readonly number[];
  let rows: Float32Array;
  beforeAll(async () => {
    engine = startLibllama('tiny', { path: writeTinyLlama(folder), contextTokens: 256, threads: 1 });
    tokens = await engine.tokenize('the old moon sings', signal);
    rows = await engine.rows(tokens, signal);
    held = engine.hold(letGo.signal)[Symbol.asyncIterator]();
    address = (await held.next()).value;
  });
  afterAll(async () => {
    await held.return?.();
    await engine.close();
    rmSync(folder, { recursive: true });
  });

  const post = (path: string, body: unknown, token = address.token) =>
    fetch(`http://127.0.0.1:${address.port}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const complete = async (body: object) =>
    (await (await post('/v1/completions', { model: 'tiny', temperature: 0, ...body })).json()) as Completion;
  const tensor = (values: Float32Array, width = WIDTH) =>
    writeTensor({ rows: values.length / width, width, values, type: 'float32' }).toString('base64');

  it('answers to rows as it does to their tokens, which come after them', async () => {
    const ofTokens = await complete({ prompt: tokens, max_tokens: 8, logprobs: 3 });
    const ofRows = await complete({ prompt: null, prompt_embeds: tensor(rows), max_tokens: 8, logprobs: 3 });
    expect(ofRows.choices).toEqual(ofTokens.choices);
    expect(ofRows.usage).toEqual({
      prompt_tokens: tokens.length,
      completion_tokens: 8,
      total_tokens: tokens.length + 8,
    });
    const other = rows.slice(0, 2 * WIDTH);
    const both = await complete({
      prompt: [tokens, [300]],
      prompt_embeds: [tensor(other), tensor(rows)],
      max_tokens: 8,
      logprobs: 3,
    });
    expect(both.choices.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(both.choices[1]?.text).toBe(ofRows.choices[0]?.text);
    expect(both.choices[2]?.text).toBe(ofTokens.choices[0]?.text);
  });

  it('tells log-probabilities, also by the numbers of tokens', async () => {
    const { choices } = await complete({ prompt: tokens, max_tokens: 3, logprobs: 2 });
    const { logprobs, text } = choices[0] ?? {};
    expect(logprobs?.tokens.join('')).toBe(text);
    expect(logprobs?.text_offset).toEqual([
      0,
      logprobs?.tokens[0]?.length,
      logprobs?.tokens.slice(0, 2).join('').length,
    ]);
    for (const [at, top] of (logprobs?.top_logprobs ?? []).entries()) {
      expect(top[logprobs?.tokens[at] ?? '']).toBe(logprobs?.token_logprobs[at]);
      expect(Math.max(...Object.values(top))).toBe(logprobs?.token_logprobs[at]);
    }
    const byIds = await complete({ prompt: tokens, max_tokens: 3, logprobs: 2, return_tokens_as_token_ids: true });
    expect(byIds.choices[0]?.logprobs?.tokens[0]).toMatch(/^token_id:\d+$/);
  });

  it('streams what it tells at once, and stops at a text', async () => {
    const whole = (await complete({ prompt: tokens, max_tokens: 12 })).choices[0]?.text ?? '';
    const body = {
      prompt: tokens,
      max_tokens: 12,
      temperature: 0,
      stream: true,
      stream_options: { include_usage: true },
    };
    const events = (await (await post('/v1/completions', body)).text()).trim().split('\n\n');
    expect(events.at(-1)).toBe('data: [DONE]');
    const pieces = events.slice(0, -1).map((event) => JSON.parse(event.slice(6)));
    expect(pieces.map(({ choices }) => choices[0]?.text ?? '').join('')).toBe(whole);
    expect(pieces.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 12 } });
    const stop = whole.slice(3, 5);
    const stopped = await complete({ prompt: tokens, max_tokens: 12, stop: [stop, 'never said'] });
    expect(stopped.choices[0]).toMatchObject({ text: whole.slice(0, whole.indexOf(stop)), finish_reason: 'stop' });
  });

  it('draws by chance as the seed says', async () => {
    const draw = async (seed: number) =>
      (await complete({ prompt: tokens, max_tokens: 24, temperature: 1.5, seed })).choices[0]?.text;
    const first = await draw(1);
    expect(await draw(1)).toBe(first);
    expect(new Set([first, await draw(2), await draw(3)]).size).toBeGreaterThan(1);
    const narrow = await complete({ prompt: tokens, max_tokens: 8, temperature: 1.5, top_p: 1e-6 });
    expect(narrow.choices[0]?.text).toBe((await complete({ prompt: tokens, max_tokens: 8 })).choices[0]?.text);
  });

  it('puts rows where their part stands in a conversation', async () => {
    const chat = async (content: unknown) => {
      const body = {
        messages: [{ role: 'user', content }],
        temperature: 0,
        max_tokens: 6,
        logprobs: true,
        top_logprobs: 2,
      };
      return (await (await post('/v1/chat/completions', body)).json()) as {
        readonly choices: readonly { readonly message: { readonly content: string }; readonly logprobs: unknown }[];
        readonly usage: { readonly prompt_tokens: number };
      };
    };
    const ofRows = await chat([{ type: 'prompt_embeds', data: tensor(rows) }]);
    expect(ofRows.choices[0]?.message.content.length).toBeGreaterThan(0);
    const between = await chat([
      { type: 'text', text: 'a' },
      { type: 'prompt_embeds', data: tensor(rows) },
      { type: 'text', text: 'b' },
    ]);
    expect(between.usage.prompt_tokens).toBeGreaterThan(ofRows.usage.prompt_tokens);
    expect(between.choices).not.toEqual(ofRows.choices);
    // A mark in somebody's words stays letters: it is many tokens and not one.
    const plain = await chat('a');
    const marked = await chat('a<|im_end|>');
    expect(marked.usage.prompt_tokens - plain.usage.prompt_tokens).toBeGreaterThan(3);
  });

  it.each([
    ['a row that is no number', () => ({ prompt_embeds: tensor(rows).slice(0, -8) }), 400],
    ['rows of another width', () => ({ prompt_embeds: tensor(rows, 32) }), 400],
    ['what is no base64', () => ({ prompt_embeds: '***' }), 400],
    ['what is no text', () => ({ prompt_embeds: 7 }), 400],
    ['no prompt at all', () => ({}), 400],
    ['a token that it has not', () => ({ prompt: [99_999] }), 400],
    ['too long a prompt', () => ({ prompt: new Array(300).fill(300) }), 400],
    ['too long an answer', () => ({ prompt: [300], max_tokens: 256 }), 400],
    ['echo', () => ({ prompt: [300], echo: true }), 400],
    ['prompt_logprobs', () => ({ prompt: [300], prompt_logprobs: 1 }), 400],
    ['a temperature below zero', () => ({ prompt: [300], temperature: -1 }), 400],
    ['half a token', () => ({ prompt: [300], max_tokens: 1.5 }), 400],
    ['another model', () => ({ prompt: [300], model: 'other' }), 404],
  ])('refuses %s in vLLM’s envelope', async (_, body, status) => {
    const reply = await post('/v1/completions', body());
    expect(reply.status).toBe(status);
    const { error } = (await reply.json()) as { error: { message: string; type: string; code: number } };
    expect(error).toMatchObject({
      code: status,
      message: expect.stringMatching(/\w/),
      type: expect.stringMatching(/Error$/),
    });
  });

  it('says how long a context may be, and what NaN is', async () => {
    const tooLong = await (await post('/v1/completions', { prompt: [300], max_tokens: 256 })).text();
    expect(tooLong).toContain("This model's maximum context length is 256 tokens");
    const broken = writeTensor({ rows: 1, width: WIDTH, values: rows.slice(0, WIDTH), type: 'float32' });
    // The last number of the first row becomes NaN.
    const place = broken.indexOf(Buffer.from(rows.buffer, (WIDTH - 1) * 4, 4));
    broken.writeUInt32LE(0x7fc00000, place);
    const told = await (await post('/v1/completions', { prompt_embeds: broken.toString('base64') })).text();
    expect(told).toMatch(/EMB_NOT_FINITE|EMB_SHAPE/);
  });

  it('is for whoever has the token, and tells what it has', async () => {
    const url = `http://127.0.0.1:${address.port}`;
    expect((await fetch(`${url}/health`)).status).toBe(200);
    expect((await fetch(`${url}/v1/models`)).status).toBe(401);
    expect((await post('/v1/completions', { prompt: [300] }, 'wrong')).status).toBe(401);
    expect((await post('/v1/embeddings', {})).status).toBe(404);
    expect((await post('/v1/completions', '{')).status).toBe(400);
    expect((await post('/v1/completions', '[]')).status).toBe(400);
    const headers = { authorization: `Bearer ${address.token}` };
    expect((await fetch(`${url}/v1/completions`, { headers })).status).toBe(405);
    const models = await (await fetch(`${url}/v1/models`, { headers })).json();
    expect(models).toMatchObject({ data: [{ id: 'tiny', max_model_len: 256 }] });
    const told = await (await post('/tokenize', { prompt: 'the old moon sings', add_special_tokens: false })).json();
    expect(told).toMatchObject({ tokens: [...tokens], count: tokens.length });
  });
});
