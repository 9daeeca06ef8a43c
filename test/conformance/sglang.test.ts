import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { languageModelFor } from '#ask/index.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { type Running, startConformance } from '../../src/conformance/server.ts';
import { SGLANG_TEST_KEY, sglangConformance } from '../../src/conformance/sglang/chat.ts';
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

  it('Z3: an answer that was aborted failed', async () => {
    server.play('aborted', 1);
    const got = await asked(model, HELLO);
    expect(got.error).toMatchObject({ code: 'ask.upstream-failed', message: expect.stringContaining('abort') });
    expect(got.answer).toBeNull();
  });
});
