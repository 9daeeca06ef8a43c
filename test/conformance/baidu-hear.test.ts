import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isSensoriumError, type SensoriumError } from '#contract/error.ts';
import type { Segment } from '#contract/perception.ts';
import { HEARING_FAILURES, PLATFORM_FAILURES } from '../../src/conformance/baidu/failures.ts';
import { baiduConformance } from '../../src/conformance/baidu/speech.ts';
import { BAIDU_BEARER_KEY, BAIDU_TEST_KEY, BAIDU_TEST_SECRET } from '../../src/conformance/baidu/token.ts';
import { type Running, type StartOptions, startConformance } from '../../src/conformance/server.ts';
import { buzz, soundOf } from '../../src/perceive/hear/__fixtures__/sound.ts';
import { recogniserExam } from '../../src/perceive/hear/conformance.ts';
import { remoteRecogniserFor } from '../../src/perceive/hear/engines/remote/index.ts';
import { PATIENCE } from './patience.ts';

const PAIR = { apiKey: BAIDU_TEST_KEY, apiSecret: BAIDU_TEST_SECRET };
const SPEECH = [{ startMs: 500, endMs: 2_900 }];

const open = (origin: string, id = 'baidu:asr', keys: object = PAIR) =>
  remoteRecogniserFor(id, { providers: { baidu: { baseUrl: origin, patience: PATIENCE, ...keys } } });

interface Heard {
  readonly text: string;
  readonly error: SensoriumError | null;
}

async function heard(
  origin: string,
  more: { id?: string; keys?: object; language?: string; speech?: typeof SPEECH; durationMs?: number } = {},
): Promise<Heard> {
  const { speech = SPEECH, durationMs = 3_500, language } = more;
  const segments: Segment[] = [];
  try {
    const engine = await open(origin, more.id, more.keys);
    const call = { part: 'part-1', sound: soundOf(buzz(durationMs, speech)), speech, language };
    const context = { signal: new AbortController().signal, note: () => {} };
    for await (const segment of engine.hear(call, context)) segments.push(segment);
  } catch (thrown) {
    if (!isSensoriumError(thrown)) throw thrown;
    return { text: segments.map(({ text }) => text).join(''), error: thrown };
  }
  return { text: segments.map(({ text }) => text).join(''), error: null };
}

const pathsOf = ({ seen }: Running) => seen.map(({ path }) => path);

let examServer: Running;
recogniserExam(
  'baidu:asr',
  async () => {
    examServer = await startConformance(baiduConformance);
    return open(examServer.origin);
  },
  async () => ({ sound: soundOf(buzz(3_500, SPEECH)), speech: SPEECH, durationMs: 3_500 }),
);
afterAll(async () => {
  expect(examServer.faults).toEqual([]);
  await examServer.close();
});

describe('baidu hears', () => {
  let server: Running;
  beforeAll(async () => {
    server = await startConformance(baiduConformance);
  });
  afterEach(() => {
    server.play('happy');
    expect(server.faults.splice(0)).toEqual([]);
  });
  afterAll(() => server.close());

  const sent = () => server.seen.at(-1)?.json() ?? {};
  /** A server of its own, whose first request is for a token. */
  async function fresh<T>(options: StartOptions, use: (own: Running) => Promise<T>): Promise<T> {
    const own = await startConformance(baiduConformance, options);
    try {
      return await use(own);
    } finally {
      expect(own.faults).toEqual([]);
      await own.close();
    }
  }

  it('sound arrives whole: 2.4 s of voice with 0.3 s before and after it', async () => {
    expect(await heard(server.origin)).toEqual({ text: '这段录音有3.0秒。', error: null });
    expect(sent()).toMatchObject({ format: 'pcm', rate: 16_000, channel: 1, dev_pid: 1537, len: 96_000 });
  });

  it.each([
    ['zh', 1537],
    ['en', 1737],
    ['yue', 1637],
  ])('%s is heard with dev_pid %i', async (language, devPid) => {
    expect((await heard(server.origin, { language })).error).toBeNull();
    expect(sent().dev_pid).toBe(devPid);
  });

  it('takes the quick model at its own address, and any dev_pid by its number', async () => {
    expect((await heard(server.origin, { id: 'baidu:asr-pro' })).error).toBeNull();
    expect(server.seen.at(-1)?.path).toBe('/pro_api');
    expect((await heard(server.origin, { id: 'baidu:1837' })).error).toBeNull();
    expect(sent().dev_pid).toBe(1837);
    expect((await open(server.origin, 'baidu:1837')).capabilities.languages).toEqual(['zh']);
    expect((await open(server.origin, 'baidu:1936')).capabilities.languages).toBe('any');
  });

  it('sends long recordings in pieces of at most 60 s', async () => {
    const long = { durationMs: 130_000, speech: [{ startMs: 0, endMs: 130_000 }] };
    const before = server.seen.length;
    const { text, error } = await heard(server.origin, long);
    expect(error).toBeNull();
    expect(server.seen.length - before).toBeGreaterThanOrEqual(3);
    expect(text.match(/这段录音有/g)?.length).toBe(server.seen.length - before);
  });

  it('B1: fetches a token once, for hearing of all kinds, and callers at once share it', () =>
    fresh({}, async (own) => {
      await Promise.all([heard(own.origin), heard(own.origin), heard(own.origin, { id: 'baidu:asr-pro' })]);
      expect((await heard(own.origin)).error).toBeNull();
      expect(pathsOf(own).filter((path) => path === '/oauth/2.0/token')).toHaveLength(1);
      expect(own.seen.filter(({ path }) => path !== '/oauth/2.0/token')).toHaveLength(4);
    }));

  it('B1: keys that Baidu does not know are refused, and are not repeated', () =>
    fresh({ play: 'unknown-client' }, async (own) => {
      const { error } = await heard(own.origin);
      expect(error).toMatchObject({
        code: 'hear.key-refused',
        message: expect.stringContaining('invalid_client'),
        hint: expect.stringContaining('BAIDU_SECRET_KEY'),
      });
      expect(JSON.stringify([error?.message, error?.hint, error?.details])).not.toContain(BAIDU_TEST_SECRET);
      expect(pathsOf(own)).toEqual(['/oauth/2.0/token']);
    }));

  it('B1: an answer without a token is a failure of the server', () =>
    fresh({ play: 'no-token' }, async (own) =>
      expect((await heard(own.origin)).error?.code).toBe('hear.upstream-failed'),
    ));

  it('a pair of keys without its second half is refused before anything is sent', async () => {
    const before = server.seen.length;
    const { error } = await heard(server.origin, { keys: { apiKey: BAIDU_TEST_KEY } });
    expect(error).toMatchObject({ code: 'hear.key-refused', hint: expect.stringContaining('bce-v3/') });
    expect(server.seen.length).toBe(before);
  });

  it('a key of the new form needs no token', () =>
    fresh({}, async (own) => {
      expect((await heard(own.origin, { keys: { apiKey: BAIDU_BEARER_KEY } })).error).toBeNull();
      expect(pathsOf(own)).toEqual(['/server_api']);
      expect(own.seen[0]?.headers.authorization).toBe(`Bearer ${BAIDU_BEARER_KEY}`);
      expect(own.seen[0]?.json().token).toBeUndefined();
    }));

  it.each([
    [3300, 'hear.refused', 1],
    [3302, 'hear.key-refused', 1],
    [3303, 'hear.upstream-failed', 3],
    [3304, 'hear.rate-limited', 3],
    [3305, 'hear.quota-spent', 1],
    [3307, 'hear.upstream-failed', 3],
    [3308, 'hear.too-long', 1],
    [3309, 'hear.refused', 1],
    [3310, 'hear.too-long', 1],
    [3311, 'hear.refused', 1],
    [3312, 'hear.refused', 1],
    [3313, 'hear.upstream-failed', 3],
    [3315, 'hear.upstream-failed', 3],
    [3316, 'hear.refused', 1],
    [4, 'hear.rate-limited', 3],
    [6, 'hear.key-refused', 1],
    [14, 'hear.key-refused', 1],
    [17, 'hear.quota-spent', 1],
    [18, 'hear.rate-limited', 3],
    [19, 'hear.quota-spent', 1],
    [100, 'hear.key-refused', 1],
  ])('B2: %i within HTTP 200 is %s, asked %i times', async (code, expected, times) => {
    await heard(server.origin);
    const before = server.seen.length;
    server.play(`err-${code}`);
    const { error } = await heard(server.origin);
    const words = HEARING_FAILURES[code] ?? PLATFORM_FAILURES[code];
    expect(error).toMatchObject({ code: expected, message: expect.stringContaining(`${words} (${code})`) });
    expect(server.seen.length - before).toBe(times);
  });

  it.each([3301, 3314])('B2: %i, too poor or too short, is no reason to lose the rest: no words', async (code) => {
    const speech = [SPEECH[0] ?? { startMs: 0, endMs: 0 }, { startMs: 9_000, endMs: 11_000 }];
    server.play(`err-${code}`, 1);
    expect(await heard(server.origin, { speech, durationMs: 12_000 })).toEqual({
      text: '这段录音有2.6秒。',
      error: null,
    });
  });

  it('B2: 3302 that speaks of a quota is a quota that is spent', async () => {
    server.play('quota-spent');
    expect((await heard(server.origin)).error?.code).toBe('hear.quota-spent');
  });

  it('B2: what passes is tried again and heard', async () => {
    server.play('err-3304', 1);
    expect(await heard(server.origin)).toEqual({ text: '这段录音有3.0秒。', error: null });
  });

  it('a web page is no answer', async () => {
    server.play('not-json');
    expect((await heard(server.origin)).error).toMatchObject({
      code: 'hear.upstream-failed',
      message: expect.stringContaining('not JSON'),
    });
  });

  it('B3: the server holds len against the bytes, not their base64', async () => {
    await heard(server.origin);
    const good = sent();
    const speech = String(good.speech);
    const post = async (body: object) => {
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
      return (await fetch(`${server.origin}/server_api`, init)).json();
    };
    expect(await post(good)).toMatchObject({ err_no: 0 });
    expect(await post({ ...good, len: speech.length })).toMatchObject({ err_no: 3300 });
    expect(server.faults.splice(0)).toEqual([`len is ${speech.length}, and there are 96000 bytes`]);
    const tooShort = { ...good, speech: Buffer.alloc(6_400, 1).toString('base64'), len: 6_400 };
    expect(await post(tooShort)).toMatchObject({ err_no: 3314 });
    const silent = { ...good, speech: Buffer.alloc(64_000).toString('base64'), len: 64_000 };
    expect(await post(silent)).toMatchObject({ err_no: 3301 });
    expect(server.faults.splice(0)).toHaveLength(2);
  });

  it('B5: a token that is over is fetched anew, once, and the sound is sent again', () =>
    fresh({}, async (own) => {
      await heard(own.origin);
      own.play('expired-token', 1);
      expect((await heard(own.origin)).error).toBeNull();
      expect(pathsOf(own)).toEqual([
        '/oauth/2.0/token',
        '/server_api',
        '/server_api',
        '/oauth/2.0/token',
        '/server_api',
      ]);
    }));

  it.each(['expired-token', 'err-110'])('B5: %s for every token ends as a refused key, after one new token', (play) =>
    fresh({}, async (own) => {
      await heard(own.origin);
      own.play(play);
      const { error } = await heard(own.origin);
      expect(error?.code).toBe('hear.key-refused');
      expect(pathsOf(own).filter((path) => path === '/oauth/2.0/token')).toHaveLength(2);
      expect(`${error?.message}`).not.toContain('24.madeup');
    }),
  );

  it('B6: a token that is not good for hearing is refused before a sound is sent', () =>
    fresh({ play: 'scope-missing' }, async (own) => {
      const { error } = await heard(own.origin);
      expect(error).toMatchObject({
        code: 'hear.key-refused',
        message: expect.stringContaining('audio_voice_assistant_get'),
      });
      expect(pathsOf(own)).toEqual(['/oauth/2.0/token']);
    }));

  it('B6: where the token does not say so, 3302 does', () =>
    fresh({ play: 'scope-untold' }, async (own) => {
      const { error } = await heard(own.origin);
      expect(error).toMatchObject({ code: 'hear.key-refused', message: expect.stringContaining('(3302)') });
      expect(pathsOf(own)).toEqual(['/oauth/2.0/token', '/server_api']);
    }));
});
