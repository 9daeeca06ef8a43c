import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isSensoriumError, type SensoriumError } from '#contract/error.ts';
import type { Loss } from '#contract/loss.ts';
import { PLATFORM_FAILURES, SPEAKING_FAILURES } from '../../src/conformance/baidu/failures.ts';
import { baiduConformance } from '../../src/conformance/baidu/speech.ts';
import { BAIDU_BEARER_KEY, BAIDU_TEST_KEY, BAIDU_TEST_SECRET } from '../../src/conformance/baidu/token.ts';
import { type Running, startConformance } from '../../src/conformance/server.ts';
import { examineSpeechEngine } from '../../src/speak/conformance.ts';
import { remoteSpeechFor, remoteVoicesOf } from '../../src/speak/engines/remote/index.ts';
import { PATIENCE } from './patience.ts';

const PAIR = { apiKey: BAIDU_TEST_KEY, apiSecret: BAIDU_TEST_SECRET };
const open = (origin: string, voice = 'baidu:0', keys: object = PAIR) =>
  remoteSpeechFor(voice, { providers: { baidu: { baseUrl: origin, patience: PATIENCE, ...keys } } });

interface Said {
  readonly pcm: Float32Array;
  readonly losses: readonly Loss[];
  readonly error: SensoriumError | null;
}

async function said(
  origin: string,
  text: string,
  { voice = 'baidu:0', speed = 1, keys }: { voice?: string; speed?: number; keys?: object } = {},
): Promise<Said> {
  const losses: Loss[] = [];
  const chunks: Float32Array[] = [];
  let error: SensoriumError | null = null;
  try {
    const engine = await open(origin, voice, keys);
    const context = { signal: new AbortController().signal, note: (loss: Loss) => losses.push(loss) };
    for await (const chunk of engine.speak({ text, voice, speed }, context)) chunks.push(chunk);
  } catch (thrown) {
    if (!isSensoriumError(thrown)) throw thrown;
    error = thrown;
  }
  return { pcm: Float32Array.from(chunks.flatMap((chunk) => [...chunk])), losses, error };
}

/** Samples of a text's tone: 60 ms a character at 16 kHz. */
const samplesFor = (text: string) => [...text].length * 960;

let examServer: Running;
examineSpeechEngine('baidu', async () => {
  examServer = await startConformance(baiduConformance);
  return open(examServer.origin);
});
afterAll(async () => {
  expect(examServer.faults).toEqual([]);
  await examServer.close();
});

describe('baidu speaks', () => {
  let server: Running;
  beforeAll(async () => {
    server = await startConformance(baiduConformance);
  });
  afterEach(() => {
    server.play('happy');
    expect(server.faults.splice(0)).toEqual([]);
  });
  afterAll(() => server.close());

  const form = () => new URLSearchParams(server.seen.at(-1)?.bytes.toString('latin1'));

  it.each(['今天天气很好，出去走走吧。', '100% of “this” & that+more = 2?', 'naïve 🐟 好'])(
    'B7: “%s” arrives as it is, encoded twice',
    async (text) => {
      const { pcm, error } = await said(server.origin, text);
      expect(error).toBeNull();
      expect(pcm.length).toBe(samplesFor(text));
      expect(decodeURIComponent(form().get('tex') ?? '')).toBe(text);
      expect(form().get('aue')).toBe('4');
    },
  );

  it('B7: the server refuses a text that is encoded once', async () => {
    await said(server.origin, '你好');
    const fields = form();
    fields.set('tex', '你好');
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const reply = await fetch(`${server.origin}/text2audio`, { method: 'POST', headers, body: `${fields}` });
    expect(reply.headers.get('content-type')).toBe('application/json');
    expect(await reply.json()).toMatchObject({ err_no: 500 });
    expect(server.faults.splice(0)).toEqual(['tex is not URL-encoded twice']);
  });

  it.each([
    [1, '5'],
    [0.5, '3'],
    [2, '10'],
    [3, '15'],
  ])('speed %s is spd %s', async (speed, spd) => {
    const { losses } = await said(server.origin, '你好', { speed });
    expect(form().get('spd')).toBe(spd);
    expect(losses).toEqual([]);
  });

  it('says that it does not speak faster than its fastest', async () => {
    const { losses } = await said(server.origin, '你好', { speed: 4 });
    expect(form().get('spd')).toBe('15');
    expect(losses).toMatchObject([{ kind: 'option-ignored', stage: 'speak', text: 'speed' }]);
  });

  it('offers its voices by number, and takes numbers it does not know of', async () => {
    expect(remoteVoicesOf('baidu').map(({ id }) => id)).toContain('baidu:5118');
    expect((await said(server.origin, '你好', { voice: 'baidu:4115' })).error).toBeNull();
    expect(form().get('per')).toBe('4115');
    expect((await said(server.origin, '你好', { voice: 'baidu:Cherry' })).error?.code).toBe('speak.unknown-voice');
  });

  it('sends a sentence of more than 1023 bytes in pieces, each with its own request', async () => {
    const text = `${'一'.repeat(300)}，${'二'.repeat(300)}。`;
    const before = server.seen.length;
    const { pcm, error } = await said(server.origin, text);
    expect(error).toBeNull();
    expect(server.seen.length - before).toBe(2);
    expect(pcm.length).toBe(samplesFor(text));
    expect((await said(server.origin, '好'.repeat(600))).error?.code).toBe('speak.too-long');
  });

  it.each([
    [13, 'speak.rate-limited', 3],
    [15, 'speak.rate-limited', 3],
    [16, 'speak.quota-spent', 1],
    [500, 'speak.refused', 1],
    [501, 'speak.refused', 1],
    [503, 'speak.upstream-failed', 3],
    [513, 'speak.too-long', 1],
    [17, 'speak.quota-spent', 1],
    [18, 'speak.rate-limited', 3],
  ])('B4: JSON with %i and HTTP 200 is %s and no sound, asked %i times', async (code, expected, times) => {
    await said(server.origin, '你好');
    const before = server.seen.length;
    server.play(`err-${code}`);
    const { pcm, error } = await said(server.origin, '你好');
    const words = SPEAKING_FAILURES[code] ?? PLATFORM_FAILURES[code];
    expect(error).toMatchObject({ code: expected, message: expect.stringContaining(`${words} (${code})`) });
    expect(pcm.length).toBe(0);
    expect(server.seen.length - before).toBe(times);
  });

  it.each(['mp3-anyway', 'not-json'])('B4: %s is not taken for the sound that was asked for', async (play) => {
    server.play(play);
    const { pcm, error } = await said(server.origin, '你好');
    expect(error?.code).toBe('speak.upstream-failed');
    expect(pcm.length).toBe(0);
  });

  it('H9: half a sample at the end is left out and noted, and does not shift the piece after it', async () => {
    server.play('half-sample');
    const text = `${'一'.repeat(300)}，${'二'.repeat(300)}。`;
    const { pcm, losses, error } = await said(server.origin, text);
    expect(error).toBeNull();
    expect(losses.map(({ kind, stage }) => [kind, stage])).toEqual([
      ['truncated', 'speak'],
      ['truncated', 'speak'],
    ]);
    expect(pcm.length).toBe(samplesFor(text) - 2);
    // A tone has no jumps but where the second piece begins; samples put together out of two halves would have thousands.
    const jumps = pcm.filter((value, at) => at > 0 && Math.abs(value - (pcm[at - 1] ?? 0)) > 0.05);
    expect(jumps.length).toBeLessThanOrEqual(1);
  });

  it('H10: a connection that breaks in the middle is a failure after what had come', async () => {
    server.play('cut-sound');
    const { pcm, error } = await said(server.origin, '今天天气很好，出去走走吧。');
    expect(error?.code).toBe('speak.upstream-failed');
    expect(pcm.length).toBeLessThan(samplesFor('今天天气很好，出去走走吧。'));
  });

  it('B5: a token that is over (502) is fetched anew once', async () => {
    await said(server.origin, '你好');
    const before = server.seen.length;
    server.play('expired-token', 1);
    expect((await said(server.origin, '你好')).error).toBeNull();
    expect(server.seen.slice(before).map(({ path }) => path)).toEqual([
      '/text2audio',
      '/oauth/2.0/token',
      '/text2audio',
    ]);
    server.play('expired-token');
    expect((await said(server.origin, '你好')).error?.code).toBe('speak.key-refused');
  });

  it('B6: a token that is not good for speaking is refused before a text is sent', async () => {
    const own = await startConformance(baiduConformance, { play: 'scope-missing' });
    const { error } = await said(own.origin, '你好');
    expect(error).toMatchObject({ code: 'speak.key-refused', message: expect.stringContaining('audio_tts_post') });
    expect(own.seen.map(({ path }) => path)).toEqual(['/oauth/2.0/token']);
    await own.close();
  });

  it('a key of the new form needs no token', async () => {
    const own = await startConformance(baiduConformance);
    expect((await said(own.origin, '你好', { keys: { apiKey: BAIDU_BEARER_KEY } })).error).toBeNull();
    expect(own.seen.map(({ path }) => path)).toEqual(['/text2audio']);
    expect(own.faults).toEqual([]);
    await own.close();
  });
});
