import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { capabilitiesOf, languageModelFor } from '#ask/index.ts';
import type { AskRequest } from '#contract/chat.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { examineLanguageModel } from '../../src/ask/conformance.ts';
import { type Running, startConformance } from '../../src/conformance/server.ts';
import { SPARK_TEST_PASSWORD, sparkConformance } from '../../src/conformance/spark/chat.ts';
import { asked, examineHttp, HELLO } from './http-exam.ts';
import { PATIENCE } from './patience.ts';

const open = (origin: string, model = 'generalv3.5', apiKey = SPARK_TEST_PASSWORD): Promise<LanguageModel> =>
  languageModelFor(`spark:${model}`, { providers: { spark: { baseUrl: `${origin}/v1`, apiKey, patience: PATIENCE } } });

examineHttp(sparkConformance, open, { secret: SPARK_TEST_PASSWORD });

describe('spark: a language model at its conformance server', () => {
  let server: Running;
  beforeAll(async () => {
    server = await startConformance(sparkConformance);
  });
  afterEach(() => expect(server.faults.splice(0)).toEqual([]));
  afterAll(() => server.close());
  examineLanguageModel('spark', () => open(server.origin));
});

describe('spark: its own cases over HTTP', () => {
  let server: Running;
  let model: LanguageModel;
  beforeAll(async () => {
    server = await startConformance(sparkConformance);
    model = await open(server.origin);
  });
  afterEach(() => {
    server.play('happy');
    expect(server.faults.splice(0)).toEqual([]);
  });
  afterAll(() => server.close());

  const sent = () => server.seen.at(-1)?.json() ?? {};
  const play = (name: string, request: AskRequest = HELLO) => {
    server.play(name, 1);
    return asked(model, request);
  };
  const ADD = { name: 'add', parameters: { type: 'object' } } as const;

  it('S1, S2: reads data: without a space, and fills in the reason and the model', async () => {
    const { answer } = await play('happy');
    expect(answer).toMatchObject({
      text: "现在是下午三点，it's3pm🕒。",
      finishReason: 'stop',
      model: 'generalv3.5',
      usage: { inputTokens: 12, outputTokens: 7 },
    });
  });

  it('S2: an answer in one piece is the same, with an id or without', async () => {
    const other = await startConformance(sparkConformance, { switches: ['no-id'] });
    const whole = { ...HELLO, stream: false };
    const { answer } = await asked(await open(other.origin), whole);
    expect(answer).toEqual((await asked(model, whole)).answer);
    expect(answer).toEqual((await asked(model, HELLO)).answer);
    expect(answer?.finishReason).toBe('stop');
    await other.close();
  });

  it('S3: 10013 refuses the question, in the body and in the stream', async () => {
    for (const name of ['whole:input-refused', 'midway:input-refused', 'whole:maybe-refused']) {
      expect((await play(name)).error?.code).toBe('ask.refused');
    }
  });

  it('S3: 10014 breaks the answer off and keeps what was said', async () => {
    const { text, answer, error } = await play('midway:output-refused');
    expect({ text, answer, code: error?.code }).toEqual({ text: '现在是下午三点', answer: null, code: 'ask.refused' });
    expect(error?.message).toContain('10014');
  });

  it('S4: asks for calls in a list and reads both', async () => {
    for (const stream of [true, false]) {
      const { answer } = await play('happy', { ...HELLO, tools: [ADD], stream });
      expect(sent().tool_calls_switch).toBe(true);
      expect(answer?.toolCalls).toEqual(
        ['call_1', 'call_2'].map((id) => ({ id, name: 'add', arguments: '{"a":2,"b":2}' })),
      );
      expect(answer?.finishReason).toBe('tool-calls');
    }
  });

  it('S4: reads one call as an object from a server that heeds no switch', async () => {
    for (const stream of [true, false]) {
      const request = { ...HELLO, tools: [ADD], stream, extra: { tool_calls_switch: false } };
      const { answer } = await play('happy', request);
      expect(answer?.toolCalls).toEqual([{ id: 'call_1', name: 'add', arguments: '{"a":2,"b":2}' }]);
      expect(answer?.finishReason).toBe('tool-calls');
    }
  });

  it.each([
    ['busy', 'ask.rate-limited'],
    ['second-spent', 'ask.rate-limited'],
    ['lines-spent', 'ask.rate-limited'],
    ['day-spent', 'ask.quota-spent'],
    ['too-long', 'ask.too-long'],
    ['not-authorised', 'ask.key-refused'],
    ['engine-failed', 'ask.upstream-failed'],
  ])('S5: %s is %s, in the body and in the stream', async (name, code) => {
    expect((await play(`whole:${name}`)).error?.code).toBe(code);
    expect((await play(`whole:${name}`, { ...HELLO, stream: false })).error?.code).toBe(code);
    expect((await play(`midway:${name}`)).error?.code).toBe(code);
  });

  it('S6: X1 thinks aloud, at the second version of the API', async () => {
    const x1 = await open(server.origin, 'x1');
    for (const stream of [true, false]) {
      const { answer } = await asked(x1, { ...HELLO, stream });
      expect(answer).toMatchObject({
        reasoning: '先看钟。',
        text: "现在是下午三点，it's3pm🕒。",
        finishReason: 'stop',
      });
      expect(server.seen.at(-1)?.path).toBe('/v2/chat/completions');
    }
  });

  it('S7: tells whoever used the key of the sockets which one is wanted', async () => {
    const { error } = await asked(await open(server.origin, 'lite', 'socketsApiKey0123456789'), HELLO);
    expect(error).toMatchObject({ code: 'ask.key-refused', details: { status: 401 } });
    expect(error?.hint).toMatch(/SPARK_API_PASSWORD.*APIPassword.*not the APIKey of the sockets/);
    expect(server.faults.splice(0)).toEqual(['authorization']);
  });

  it('asks for no longer an answer than the model gives, and says so', async () => {
    const { losses } = await play('happy', { ...HELLO, maxTokens: 100_000 });
    expect(sent().max_tokens).toBe(8_192);
    expect(losses).toEqual([expect.objectContaining({ kind: 'option-ignored', text: 'maxTokens' })]);
    await asked(await open(server.origin, 'lite'), { ...HELLO, maxTokens: 5_000 });
    expect(sent().max_tokens).toBe(4_096);
    await asked(await open(server.origin, 'x1'), { ...HELLO, maxTokens: 30_000 });
    expect(sent().max_tokens).toBe(30_000);
  });

  it('leaves out what Spark does not document, and says so', async () => {
    const schema = { kind: 'json-schema', name: 'time', schema: { type: 'object' } } as const;
    const { losses } = await play('happy', {
      ...HELLO,
      seed: 1,
      stop: ['。'],
      logprobs: { top: 1 },
      responseFormat: schema,
    });
    expect(losses.map(({ text }) => text).sort()).toEqual(['logprobs', 'responseFormat', 'seed', 'stop']);
  });

  it('hands on fields of Spark’s own', async () => {
    const extra = { top_k: 6, suppress_plugin: ['knowledge'] };
    expect((await play('happy', { ...HELLO, extra })).error).toBeNull();
    expect(sent()).toMatchObject(extra);
  });

  it('leaves nothing to chance where that is asked, without the temperature that Spark does not take', async () => {
    expect((await play('happy', { ...HELLO, temperature: 0 })).losses).toEqual([]);
    expect(sent()).toMatchObject({ top_k: 1 });
    expect(sent()).not.toHaveProperty('temperature');
    await play('happy', { ...HELLO, temperature: 0.7 });
    expect(sent()).toMatchObject({ temperature: 0.7 });
    expect(sent()).not.toHaveProperty('top_k');
  });

  it('knows that its models take words and nothing else', () => {
    const known = capabilitiesOf('spark:pro-128k');
    expect(known.input).toEqual({ text: true, audio: false, image: false, video: false, document: false });
    expect(known.contextTokens).toBe(131_072);
    expect(model.accepts?.({ kind: 'image', mimeType: 'image/png' } as never)).toBe(false);
  });
});
