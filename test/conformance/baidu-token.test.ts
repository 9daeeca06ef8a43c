import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BaiduTokens, baiduTokens } from '#upstream/baidu/token.ts';
import { PATIENCE } from '#upstream/send.ts';
import { baiduConformance } from '../../src/conformance/baidu/speech.ts';
import { BAIDU_TEST_KEY, BAIDU_TEST_SECRET } from '../../src/conformance/baidu/token.ts';
import { type Running, startConformance } from '../../src/conformance/server.ts';

const LIFE_MS = 2_592_000_000;
const HOUR_MS = 3_600_000;

describe('baidu’s tokens', () => {
  let server: Running;
  let tokens: BaiduTokens;
  let nowMs = 0;
  beforeEach(async () => {
    server = await startConformance(baiduConformance);
    nowMs = 0;
    tokens = baiduTokens(() => nowMs);
  });
  afterEach(() => server.close());

  const take = (stage: 'hear' | 'speak' = 'hear', signal = new AbortController().signal) => {
    const peer = { stage, host: 'test', model: 'asr', keyName: 'BAIDU_API_KEY', secrets: [BAIDU_TEST_SECRET] };
    const scopes = [stage === 'hear' ? 'audio_voice_assistant_get' : 'audio_tts_post'];
    const keys = { apiKey: BAIDU_TEST_KEY, apiSecret: BAIDU_TEST_SECRET };
    return tokens.take({ baseUrl: new URL(server.origin), ...keys, scopes, peer, patience: PATIENCE }, signal);
  };

  it('B1: a token is kept until an hour before it expires, for hearing and speaking alike', async () => {
    const first = await take();
    expect(await take('speak')).toBe(first);
    nowMs = LIFE_MS - HOUR_MS - 1;
    expect(await take()).toBe(first);
    expect(server.seen).toHaveLength(1);
    nowMs = LIFE_MS - HOUR_MS;
    expect(await take()).not.toBe(first);
    expect(server.seen).toHaveLength(2);
  });

  it('B1: a token that is good for a minute is kept for most of it', async () => {
    server.play('short-lived');
    const first = await take();
    nowMs = 53_999;
    expect(await take()).toBe(first);
    nowMs = 54_000;
    expect(await take()).not.toBe(first);
  });

  it('B5: a token that was forgotten is fetched anew, another is not touched', async () => {
    const first = await take();
    tokens.forget('another');
    expect(await take()).toBe(first);
    tokens.forget(first);
    expect(await take()).not.toBe(first);
  });

  it('one caller’s leaving does not take the token from the others, and a failure is not kept', async () => {
    const controller = new AbortController();
    const leaving = take('hear', controller.signal);
    const staying = take();
    controller.abort();
    await expect(leaving).rejects.toMatchObject({ code: 'kit.cancelled' });
    expect(await staying).toMatch(/^24\./);
    expect(server.seen).toHaveLength(1);

    tokens.forget(await staying);
    server.play('unknown-client', 1);
    await expect(take('speak')).rejects.toMatchObject({ code: 'speak.key-refused' });
    expect(await take('speak')).toMatch(/^24\./);
  });
});
