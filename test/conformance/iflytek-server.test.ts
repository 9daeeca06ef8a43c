import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isSensoriumError } from '#contract/error.ts';
import { signedUrl } from '#upstream/iflytek.ts';
import { PATIENCE as DEFAULTS } from '#upstream/send.ts';
import { openSocket } from '#upstream/socket.ts';
import { scriptFor } from '../../src/conformance/iflytek/script.ts';
import { queryRefusalOf, refusalOf } from '../../src/conformance/iflytek/signature.ts';
import { IFLYTEK_TEST_KEYS, iflytekConformance } from '../../src/conformance/iflytek/sockets.ts';
import { type Running, startConformance } from '../../src/conformance/server.ts';
import { tone } from '../../src/conformance/sound.ts';
import { signedByQuery } from '../../src/perceive/hear/engines/iflytek-iat/ast.ts';
import { dictated } from '../../src/perceive/hear/engines/iflytek-iat/wpgs.ts';

const { appId, ...KEYS } = IFLYTEK_TEST_KEYS;
const NOW = new Date('2026-11-26T08:00:00Z');

describe('the signature as iFlytek’s conformance server checks it', () => {
  const url = new URL('ws://127.0.0.1:8080/v2/iat');
  const refused = (signed: URL, host = signed.host, nowMs = NOW.getTime()) =>
    refusalOf({ url: `${signed.pathname}${signed.search}`, headers: { host } }, nowMs)?.message ?? null;
  const changed = (change: (query: URLSearchParams) => void) => {
    const signed = signedUrl(url, KEYS, NOW);
    change(signed.searchParams);
    return refused(signed);
  };
  const reworded = (change: (text: string) => string) =>
    changed((query) => {
      const text = Buffer.from(query.get('authorization') ?? '', 'base64').toString();
      query.set('authorization', Buffer.from(change(text)).toString('base64'));
    });

  it('I1: takes a good one, and one that is up to 300 s old or early', () => {
    expect(refused(signedUrl(url, KEYS, NOW))).toBeNull();
    for (const seconds of [-300, 300]) {
      expect(refused(signedUrl(url, KEYS, NOW), url.host, NOW.getTime() + 1000 * seconds)).toBeNull();
    }
  });

  it('I1, I2: refuses one that is 301 s old or early', () => {
    for (const seconds of [-301, 301]) {
      expect(refused(signedUrl(url, KEYS, NOW), url.host, NOW.getTime() + 1000 * seconds)).toMatch(/a valid date/);
    }
    expect(changed((query) => query.set('date', '2026-11-26T08:00:00Z'))).toMatch(/a valid date/);
  });

  it('I2: refuses one that is absent, malformed, or of other keys, another host or another path', () => {
    expect(changed((query) => query.delete('authorization'))).toBe('Unauthorized');
    expect(changed((query) => query.set('authorization', '?'))).toBe('HMAC signature cannot be verified');
    // The list of what is signed must be the one that is signed.
    expect(reworded((text) => text.replace('host date request-line', 'host date'))).toBe(
      'HMAC signature cannot be verified',
    );
    const mismatch = 'HMAC signature does not match';
    expect(reworded((text) => text.replace(KEYS.apiKey, 'another'))).toBe(mismatch);
    expect(refused(signedUrl(url, { ...KEYS, apiSecret: 'another' }, NOW))).toBe(mismatch);
    expect(refused(signedUrl(url, KEYS, NOW), 'iat-api.xfyun.cn')).toBe(mismatch);
    const elsewhere = signedUrl(url, KEYS, NOW);
    elsewhere.pathname = '/v2/tts';
    expect(refused(elsewhere)).toBe(mismatch);
  });
});

describe('the signature of the dictation of dialects', () => {
  const url = new URL('ws://127.0.0.1:8080/ast/communicate/v1');
  const signed = () => signedByQuery(url, IFLYTEK_TEST_KEYS, NOW);
  const refused = (change: (query: URLSearchParams) => void, nowMs = NOW.getTime()) => {
    const changed = signed();
    change(changed.searchParams);
    return queryRefusalOf({ url: `${changed.pathname}${changed.search}` }, nowMs)?.message ?? null;
  };

  it('I11: takes a good one within 300 s, and no other', () => {
    expect(refused(() => {})).toBeNull();
    expect(refused(() => {}, NOW.getTime() + 301_000)).toMatch(/a valid date/);
    expect(refused((query) => query.delete('signature'))).toBe('Unauthorized');
    expect(refused((query) => query.set('utc', '2026-11-26T16:00:00+08:00'))).toBe('HMAC signature cannot be verified');
    expect(refused((query) => query.set('lang', 'klingon'))).toBe('HMAC signature does not match');
    expect(refused((query) => query.set('accessKeyId', 'another'))).toBe('HMAC signature does not match');
  });
});

describe('what iFlytek’s conformance server says to frames', () => {
  let server: Running;
  beforeAll(async () => {
    server = await startConformance(iflytekConformance);
  });
  afterEach(() => void server.faults.splice(0));
  afterAll(() => server.close());

  /** Sends messages to a service and gives what came back, until it closes. */
  async function told(path: string | URL, messages: readonly (object | string)[]): Promise<Record<string, unknown>[]> {
    const url = path instanceof URL ? path : signedUrl(new URL(path, server.origin), KEYS, new Date());
    url.protocol = 'ws:';
    const peer = { stage: 'hear', host: url.host, model: 'iat', keyName: '', secrets: [] } as const;
    const patience = { ...DEFAULTS, stallTimeoutMs: 500 };
    const socket = await openSocket(url, { peer, patience, signal: new AbortController().signal });
    const replies: Record<string, unknown>[] = [];
    try {
      for (const message of messages)
        await socket.send(typeof message === 'string' ? message : JSON.stringify(message));
      for await (const reply of socket) replies.push(JSON.parse(String(reply)));
    } catch (error) {
      if (!isSensoriumError(error)) throw error;
    } finally {
      socket.close();
    }
    return replies;
  }
  const codesOf = (replies: readonly Record<string, unknown>[]) =>
    replies.map((reply) => reply.code ?? (reply.header as { code?: unknown }).code);

  const sound = (audio: string, status: number) => ({
    status,
    format: 'audio/L16;rate=16000',
    encoding: 'raw',
    audio,
  });
  const business = { language: 'zh_cn', domain: 'iat', accent: 'mandarin', dwa: 'wpgs' };
  const first = (audio: string, more: object = {}) => ({
    common: { app_id: appId },
    business,
    data: sound(audio, 0),
    ...more,
  });
  const frame = (audio: string, status = 1) => ({ data: sound(audio, status) });
  const piece = tone(40, 16_000).toString('base64');

  it.each([
    ['I3: 26001 characters of sound', [first('A'.repeat(26_001))], 10163],
    ['I3: more than 19200 bytes of sound', [first(tone(601, 16_000).toString('base64'))], 10163],
    ['I3: a first frame that is none', [frame(piece)], 10163],
    ['I3: a first frame twice', [first(piece), first(piece)], 10163],
    ['I3: business in a later frame', [first(piece), { ...frame(piece), business }], 10163],
    ['I3: another status than is due', [first(piece), frame(piece, 0)], 10163],
    ['I5: sound that is not base64', [first('not base64!!')], 10161],
    ['a message that is not JSON', ['{'], 10160],
    ['an account of somebody else', [first(piece, { common: { app_id: 'another' } })], 10313],
    ['a domain that there is not', [first(piece, { business: { ...business, domain: 'opera' } })], 10139],
    ['hardly any sound', [first(piece), frame('', 2)], 10163],
    ['nothing but silence', [first(Buffer.alloc(16_000).toString('base64')), frame('', 2)], 10163],
  ])('%s', async (_, messages, code) => {
    expect(codesOf(await told('/v2/iat', messages))).toEqual([code]);
    expect(server.faults).toHaveLength(1);
  });

  it('I7: more than a minute of sound is too long', async () => {
    const half = tone(500, 16_000).toString('base64');
    const replies = await told('/v2/iat', [first(half), ...Array.from({ length: 120 }, () => frame(half))]);
    expect(codesOf(replies)).toEqual([0, 10114]);
  });

  it('there is nothing at other addresses', async () => {
    await expect(told('/v3/iat', [])).rejects.toMatchObject({ code: 'hear.refused' });
    expect(server.faults).toEqual(['there is no socket at /v3/iat']);
  });

  it.each([
    ['sound as words', [{ data: { audio: piece } }]],
    ['an end without sound', [{ end: true }]],
  ])('I11: dialects get 10163 for %s', async (_, messages) => {
    const signed = signedByQuery(new URL('/ast/communicate/v1', server.origin), IFLYTEK_TEST_KEYS, new Date());
    const replies = await told(signed, messages);
    expect(replies).toEqual([
      expect.objectContaining({ data: expect.objectContaining({ action: 'end', code: '10163' }) }),
    ]);
  });

  it.each([
    [10163, { seq: 1 }],
    [10139, { encoding: 'gbk' }],
    [10161, { text: '5L-K' }],
    [10163, { text: '' }],
  ])('I9: streamed text gets %s for %o', async (code, wrong) => {
    const text = { encoding: 'utf8', compress: 'raw', format: 'plain', status: 2, seq: 0, text: '5LuK', ...wrong };
    const audio = { encoding: 'raw', sample_rate: 24_000, channels: 1, bit_depth: 16 };
    const tts = { vcn: 'x5_lingfeiyi_flow', speed: 50, volume: 50, pitch: 50, audio };
    const parameter = { oral: { oral_level: 'mid' }, tts };
    const order = { header: { app_id: appId, status: 2 }, parameter, payload: { text } };
    expect(codesOf(await told('/v1/private/mcd9m97e6', [order]))).toEqual([code]);
  });

  it('names the length of what it heard, whether it corrects itself or not', () => {
    for (const corrects of [true, false]) {
      const text = dictated();
      for (const result of scriptFor(2_340, corrects)) text.take({ ...result });
      expect(text.text).toBe('这段录音长2.3秒。');
    }
  });
});
