import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { languageModelFor } from '#ask/index.ts';
import type { AskRequest, ContentPart } from '#contract/chat.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { type Running, startConformance } from '../../src/conformance/server.ts';
import { SGLANG_TEST_KEY, sglangConformance } from '../../src/conformance/sglang/chat.ts';
import { SGLANG_WIDTH } from '../../src/conformance/sglang/input-embeds.ts';
import { asked, examineHttp, HELLO } from './http-exam.ts';
import { about, lastSeen, medium } from './media.ts';
import { PATIENCE } from './patience.ts';

const open = (origin: string) =>
  languageModelFor('sglang:default', {
    providers: { sglang: { baseUrl: `${origin}/v1`, apiKey: SGLANG_TEST_KEY, patience: PATIENCE } },
  });

examineHttp(sglangConformance, open, { secret: SGLANG_TEST_KEY });

describe('sglang', () => {
  let server: Running;
  let model: LanguageModel;
  beforeAll(async () => {
    server = await startConformance(sglangConformance);
    model = await open(server.origin);
  });
  afterEach(() => expect(server.faults.splice(0)).toEqual([]));
  afterAll(() => server.close());

  it('Z1: sound goes by data URL, and no part bears a field it does not know', async () => {
    const got = await asked(model, about(medium('audio/wav'), medium('image/jpeg'), medium('video/mp4')));
    expect(got.error).toBeNull();
    const { messages } = lastSeen(server).json() as { messages: { content: object[] }[] };
    const [sound, ...others] = messages[0]?.content ?? [];
    expect(sound).toEqual({ type: 'audio_url', audio_url: { url: expect.stringMatching(/^data:audio\/wav;base64,/) } });
    for (const part of others) expect(part).not.toHaveProperty('uuid');
  });

  it('Z2: the flat error is understood before and inside a stream', async () => {
    server.play('too-long', 1);
    expect((await asked(model, HELLO)).error?.code).toBe('ask.too-long');
    server.play('flat-error-midway', 1);
    const got = await asked(model, HELLO);
    expect(got.error).toMatchObject({
      code: 'ask.upstream-failed',
      message: expect.stringContaining('Out of memory.'),
    });
    expect(got.text).not.toBe('');
  });

  const vectors: ContentPart = {
    kind: 'vectors',
    vectors: {
      ...{ part: 'part-1', rows: 2, width: SGLANG_WIDTH, surrogate: 'a melody', sha256: '0'.repeat(64) },
      values: Float32Array.from({ length: 2 * SGLANG_WIDTH }, (_, at) => (at < SGLANG_WIDTH ? 1 : 0.5)),
      component: null,
    },
  };
  const whole: AskRequest = { messages: [{ role: 'user', content: [vectors] }], maxTokens: 3 };

  it.each([true, false])(
    'Z4: a prompt of vectors goes to /generate, each number with a fraction; stream %s',
    async (stream) => {
      const got = await asked(model, { ...whole, stream });
      expect(got.error).toBeNull();
      expect(lastSeen(server).path).toBe('/generate');
      expect(got.answer).toMatchObject({
        text: 't4 t5 t6',
        finishReason: 'length',
        usage: { inputTokens: 2, outputTokens: 3 },
      });
    },
  );

  it('Z4: what /generate has no place for is a loss', async () => {
    const got = await asked(model, { ...whole, seed: 7, responseFormat: { kind: 'json' }, extra: { top_k: 4 } });
    expect(got.losses.map(({ text }) => text).sort()).toEqual(['responseFormat', 'seed', 'top_k']);
  });

  it('Z4: vectors beside words are refused, and nothing is sent', async () => {
    const before = server.seen.length;
    const words: ContentPart = { kind: 'text', text: 'What is this?' };
    for (const content of [
      [vectors, words],
      [words, vectors],
      [vectors, vectors],
    ]) {
      const got = await asked(model, { messages: [{ role: 'user', content }] });
      expect(got.error).toMatchObject({ code: 'ask.refused', details: { code: 'EMB_SERVER_UNSUPPORTED' } });
    }
    expect(server.seen).toHaveLength(before);
  });

  it('Z4: the radix cache and an aborted answer are told', async () => {
    server.play('radix-cache', 1);
    expect((await asked(model, whole)).error).toMatchObject({
      code: 'ask.refused',
      details: { code: 'EMB_SERVER_FLAG_OFF' },
      hint: expect.stringContaining('--disable-radix-cache'),
    });
    server.play('generate-aborted', 1);
    expect((await asked(model, whole)).error?.code).toBe('ask.upstream-failed');
  });

  it('Z3: an answer that was aborted failed', async () => {
    server.play('aborted', 1);
    const got = await asked(model, HELLO);
    expect(got.error).toMatchObject({ code: 'ask.upstream-failed', message: expect.stringContaining('abort') });
    expect(got.answer).toBeNull();
  });
});
