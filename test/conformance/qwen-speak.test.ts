import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isSensoriumError, type SensoriumError } from '#contract/error.ts';
import type { Loss } from '#contract/loss.ts';
import { QWEN_TEST_KEY, qwenConformance } from '../../src/conformance/qwen/server.ts';
import { type Running, startConformance } from '../../src/conformance/server.ts';
import { remoteSpeechFor, remoteVoicesOf } from '../../src/speak/engines/remote/index.ts';
import { PATIENCE } from './patience.ts';

/** Nineteen characters, which the server says in 1.52 s. */
const TEXT = '今天下午三点开会，请大家准时到。谢谢。';
const SECONDS = 1.52;

interface Said {
  readonly seconds: number;
  readonly losses: readonly Loss[];
  readonly error: SensoriumError | null;
}

describe('qwen-tts', () => {
  let server: Running;
  beforeAll(async () => {
    server = await startConformance(qwenConformance, { switches: ['short-texts'] });
  });
  afterEach(() => {
    server.play('happy');
    expect(server.faults.splice(0)).toEqual([]);
  });
  afterAll(() => server.close());

  async function say(
    text = TEXT,
    {
      voice = 'qwen:Cherry',
      speed = 1,
      at = server,
      times = 1,
    }: { voice?: string; speed?: number; at?: Running; times?: number } = {},
  ): Promise<Said> {
    const qwen = { baseUrl: `${at.origin}/compatible-mode/v1`, apiKey: QWEN_TEST_KEY, patience: PATIENCE };
    const engine = await remoteSpeechFor(voice, { providers: { qwen } });
    const losses: Loss[] = [];
    const context = { signal: new AbortController().signal, note: (loss: Loss) => losses.push(loss) };
    let samples = 0;
    try {
      for (let time = 0; time < times; time++) {
        for await (const pcm of engine.speak({ text, voice, speed }, context)) samples += pcm.length;
      }
    } catch (thrown) {
      if (!isSensoriumError(thrown)) throw thrown;
      return { seconds: samples / engine.sampleRateHz, losses, error: thrown };
    }
    return { seconds: samples / engine.sampleRateHz, losses, error: null };
  }
  const paths = (from: number) => server.seen.slice(from).map(({ method, path }) => `${method} ${path}`);
  const GENERATION = 'POST /api/v1/services/aigc/multimodal-generation/generation';

  it('Q8 streams sound whose pieces end within samples, and asks for nothing else', async () => {
    const from = server.seen.length;
    const { seconds, losses, error } = await say();
    expect(error).toBeNull();
    expect(seconds).toBeCloseTo(SECONDS, 3);
    expect(losses).toEqual([]);
    expect(paths(from)).toEqual([GENERATION]);
    expect(server.seen.at(-1)?.json()).toEqual({
      model: 'qwen3-tts-flash',
      input: { text: TEXT, voice: 'Cherry', language_type: 'Auto' },
    });
  });

  it('Q8 reads the same from events without their unverified marks', async () => {
    const bare = await startConformance(qwenConformance, { switches: ['bare-events'] });
    expect((await say(TEXT, { at: bare })).seconds).toBeCloseTo(SECONDS, 3);
    expect(bare.faults).toEqual([]);
    await bare.close();
  });

  it('Q7 fetches the WAV at the address it is given, without showing the key', async () => {
    const from = server.seen.length;
    server.play('whole-anyway');
    const { seconds, error } = await say();
    expect(error).toBeNull();
    expect(seconds).toBeCloseTo(SECONDS, 3);
    expect(paths(from)).toEqual([GENERATION, 'GET /result/1520.wav']);
    expect(server.seen.at(-1)?.headers).not.toHaveProperty('authorization');
  });

  it.each([
    ['expired-url', 'speak.upstream-failed', 'no longer has the sound'],
    ['code-in-200', 'speak.refused', 'cannot be used'],
    ['bad-key', 'speak.key-refused', 'Invalid API-key'],
    ['wrong-region', 'speak.key-refused', 'Invalid API-key'],
    ['arrearage', 'speak.quota-spent', 'good standing'],
    ['rate-limited', 'speak.rate-limited', 'rate limit'],
    ['filtered-input', 'speak.refused', 'inappropriate'],
    ['failed-sound', 'speak.upstream-failed', 'internal error'],
    ['broken-sound', 'speak.upstream-failed', 'not base64'],
    ['cut-off', 'speak.upstream-failed', 'in the middle'],
    ['malformed-line', 'speak.upstream-failed', 'not JSON'],
    ['reset-midway', 'speak.upstream-failed', 'closed the connection'],
    ['foreign-url', 'speak.upstream-failed', 'not its own'],
  ])('%s is %s', async (play, code, words) => {
    server.play(play);
    const { error } = await say();
    expect(error?.code).toBe(code);
    expect(error?.message).toContain(words);
    expect(`${error?.message} ${error?.hint}`).not.toContain(QWEN_TEST_KEY);
  });

  it('Q7 fetches the sound of a stream that brought none', async () => {
    server.play('silent');
    expect((await say()).seconds).toBeCloseTo(SECONDS, 3);
  });

  it('keeps its connection from one sentence to the next', async () => {
    await say();
    const { accepted } = server.connections;
    expect((await say(TEXT, { times: 3 })).error).toBeNull();
    expect(server.connections.accepted).toBe(accepted);
  });

  it('keeps what was said before the server failed', async () => {
    server.play('failed-sound');
    expect((await say()).seconds).toBeCloseTo(0.2, 2);
  });

  it('says a long text in several requests, of which none is too long', async () => {
    const from = server.seen.length;
    const { error } = await say('这是一个很长的句子，'.repeat(80));
    expect(error).toBeNull();
    expect(paths(from)).toEqual([GENERATION, GENERATION]);
    const texts = server.seen.slice(from).map((request) => (request.json().input as { text: string }).text);
    expect(texts.join('')).toBe('这是一个很长的句子，'.repeat(80));
  });

  it('says once that it cannot speak faster', async () => {
    const { losses } = await say(TEXT, { speed: 1.5, times: 2 });
    expect(losses).toMatchObject([{ kind: 'option-ignored', stage: 'speak', engine: 'qwen', text: 'speed' }]);
  });

  it('speaks with the model a voice names, and has an unknown voice refused', async () => {
    expect((await say(TEXT, { voice: 'qwen:qwen-tts/Serena' })).error).toBeNull();
    expect(server.seen.at(-1)?.json()).toMatchObject({ model: 'qwen-tts', input: { voice: 'Serena' } });
    expect((await say(TEXT, { voice: 'qwen:Nobody' })).error?.code).toBe('speak.refused');
    expect(server.faults.splice(0)).toEqual(['input.voice: Nobody']);
  });

  it('does not ask a model over HTTP that speaks on a socket', async () => {
    const voice = 'qwen:qwen3-tts-flash-realtime/Cherry';
    await expect(say(TEXT, { voice })).rejects.toMatchObject({ code: 'speak.unknown-model' });
  });

  it('lists voices that the server has', async () => {
    for (const { id } of remoteVoicesOf('qwen')) expect((await say('好。', { voice: id })).error).toBeNull();
    expect(remoteVoicesOf('qwen').length).toBeGreaterThan(5);
  });
});
