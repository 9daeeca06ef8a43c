import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isSensoriumError, type SensoriumError } from '#contract/error.ts';
import type { Loss } from '#contract/loss.ts';
import type { Recogniser } from '#contract/ports.ts';
import { endpointOf, type Provider } from '#upstream/endpoint.ts';
import { iflytekConformance } from '../../src/conformance/iflytek/sockets.ts';
import { type Running, startConformance } from '../../src/conformance/server.ts';
import { buzz, soundOf } from '../../src/perceive/hear/__fixtures__/sound.ts';
import { recogniserExam } from '../../src/perceive/hear/conformance.ts';
import { iflytekIat } from '../../src/perceive/hear/engines/iflytek-iat/engine.ts';
import { remoteRecogniserFor } from '../../src/perceive/hear/engines/remote/index.ts';
import { iflytekAt, tellsSecrets } from './iflytek.ts';

const SPEECH = [{ startMs: 100, endMs: 1_100 }];
const CLIP = { sound: soundOf(buzz(1_300, SPEECH)), speech: SPEECH, durationMs: 1_300 };
const MODELS = ['iat', 'iat-slm', 'ast'] as const;

let server: Running;
beforeAll(async () => {
  server = await startConformance(iflytekConformance);
});
afterEach(() => {
  server.play('happy');
  expect(server.faults.splice(0)).toEqual([]);
});
afterAll(() => server.close());

const open = (model: string, { paceMs = 0, ...more }: Partial<Provider> & { paceMs?: number } = {}): Recogniser => {
  const endpoint = endpointOf('iflytek', iflytekAt(server.origin, more).iflytek);
  return iflytekIat({ ...endpoint, id: `iflytek:${model}`, model }, { paceMs });
};

interface Heard {
  readonly text: string;
  readonly losses: readonly Loss[];
  readonly error: SensoriumError | null;
}

async function heard(
  engine: Recogniser,
  recording: Partial<Parameters<Recogniser['hear']>[0]> = {},
  signal = new AbortController().signal,
): Promise<Heard> {
  const losses: Loss[] = [];
  const texts: string[] = [];
  let error: SensoriumError | null = null;
  try {
    const call = { part: 'part-1', sound: CLIP.sound, speech: CLIP.speech, ...recording };
    for await (const { text } of engine.hear(call, { signal, note: (loss) => losses.push(loss) })) texts.push(text);
  } catch (thrown) {
    if (!isSensoriumError(thrown)) throw thrown;
    error = thrown;
  }
  return { text: texts.join(' | '), losses, error };
}

describe.each(MODELS)('iflytek:%s at its conformance server', (model) => {
  recogniserExam(
    `iflytek:${model}`,
    async () => open(model),
    async () => CLIP,
  );

  it('I3, I4: sends sound in frames, and reads words that are corrected as they come', async () => {
    // A second of voice with 300 ms on either side.
    expect(await heard(open(model))).toEqual({ text: '这段录音长1.6秒。', losses: [], error: null });
  });

  it('I4: reads words that are never corrected', async () => {
    // Only the oldest ever says them at once, and only in English.
    const { text } = await heard(open(model), { language: 'en' });
    expect(text.replaceAll(' ', '')).toBe('这段录音长1.6秒。');
  });

  it('cuts a long recording in its pauses, a session for each piece', async () => {
    const speech = [
      { startMs: 0, endMs: 500 },
      { startMs: 4_000, endMs: 5_000 },
    ];
    const sound = soundOf(buzz(5_500, speech));
    expect((await heard(open(model), { sound, speech })).text).toBe('这段录音长1.1秒。 | 这段录音长1.6秒。');
  });

  it('I7: never sends a minute, however long somebody speaks', async () => {
    const speech = [{ startMs: 0, endMs: 61_000 }];
    const { text, losses, error } = await heard(open(model, { patience: {} }), {
      sound: soundOf(buzz(61_000, speech)),
      speech,
    });
    expect(error).toBeNull();
    expect(text.split(' | ')).toHaveLength(2);
    expect(losses.map(({ kind }) => kind)).toEqual(['cut-in-speech']);
  });

  it.each([
    ['code:10114', 'hear.too-long'],
    ['code:10700', 'hear.upstream-failed'],
    ['code:11200', 'hear.key-refused'],
    ['code:11201', 'hear.quota-spent'],
    ['code:11202', 'hear.rate-limited'],
    ['code:10163', 'hear.refused'],
    ['code:10200', 'hear.upstream-failed'],
    ['idle', 'hear.upstream-failed'],
    ['cut-off', 'hear.upstream-failed'],
    ['cut-off-late', 'hear.upstream-failed'],
    ['silence', 'hear.upstream-failed'],
  ])('I6, I7, I10: %s is %s', async (play, code) => {
    server.play(play, 1);
    const { text, error } = await heard(open(model));
    expect({ text, code: error?.code }).toEqual({ text: '', code });
    expect((await heard(open(model))).error).toBeNull();
  });

  it('says how much was not heard when the server stops listening', async () => {
    server.play('ended-early', 1);
    const { text, losses } = await heard(open(model, { paceMs: 4 }));
    expect(text).toBe('这段录音长0.6秒。');
    expect(losses).toEqual([
      expect.objectContaining({ kind: 'truncated', part: 'part-1', engine: `iflytek:${model}` }),
    ]);
    expect(losses[0]?.extent).toBeGreaterThan(500);
  });

  it('keeps the pace it is given', async () => {
    const startedMs = performance.now();
    await heard(open(model, { paceMs: 2 }));
    // 1.6 s of sound are 40 frames and one to close.
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(40 * 2);
  });

  it('does not take silence for a stall while it is still sending', async () => {
    const patience = { stallTimeoutMs: 100, failuresBeforeRest: 0 };
    const speech = [{ startMs: 0, endMs: 700 }];
    // The server says its first words after 640 ms of sound, which take longer here than a stall may.
    const { error } = await heard(open(model, { paceMs: 10, patience }), { sound: soundOf(buzz(700, speech)), speech });
    expect(error).toBeNull();
  });

  it('stops sending when it is cancelled', async () => {
    const controller = new AbortController();
    const hearing = heard(open(model, { paceMs: 20 }), {}, controller.signal);
    setTimeout(() => controller.abort(), 40);
    expect((await hearing).error?.code).toBe('kit.cancelled');
  });
});

describe('iflytek: handshakes', () => {
  it.each(['unauthorized', 'malformed', 'mismatch', 'address-refused'])('I2: %s is a refused key', async (play) => {
    server.play(play, 1);
    const { error } = await heard(open('iat'));
    expect(error?.code).toBe('hear.key-refused');
    expect(error?.hint).toContain('XFYUN_API_KEY');
  });

  it('I2: a wrong clock is told as such', async () => {
    server.play('clock-skew', 1);
    const { error } = await heard(open('iat'));
    expect(error).toMatchObject({ code: 'hear.key-refused', details: { status: 403 } });
    expect(error?.hint).toMatch(/clock/);
  });

  it('a wrong secret is refused, and nobody is told it', async () => {
    const { error } = await heard(open('iat', { apiSecret: 'wrongOpaqueSecret' }));
    expect(error?.code).toBe('hear.key-refused');
    expect(tellsSecrets(`${error?.message} ${error?.hint} ${JSON.stringify(error?.details)}`)).toBe(false);
    expect(server.faults.splice(0)).toEqual(['handshake: HMAC signature does not match']);
  });

  it('an account of somebody else is refused', async () => {
    expect((await heard(open('iat', { appId: 'another' }))).error?.code).toBe('hear.key-refused');
    expect(server.faults.splice(0)).toEqual(['app_id']);
  });

  it('says which of the three is missing', async () => {
    const { error } = await heard(open('iat', { apiSecret: null, appId: null }));
    expect(error?.code).toBe('hear.key-refused');
    expect(error?.hint).toBe('Set XFYUN_APP_ID and XFYUN_API_SECRET.');
  });
});

describe('iflytek: the dictation of dialects', () => {
  it('I11: ends when the server closes, where no result is marked as the last', async () => {
    const other = await startConformance(iflytekConformance, { switches: ['no-last-mark'] });
    const endpoint = endpointOf('iflytek', iflytekAt(other.origin).iflytek);
    const engine = iflytekIat({ ...endpoint, id: 'iflytek:ast', model: 'ast' }, { paceMs: 0 });
    expect(await heard(engine)).toEqual({ text: '这段录音长1.6秒。', losses: [], error: null });
    expect(other.faults).toEqual([]);
    await other.close();
  });

  it('I11: signs its whole query', async () => {
    const { error } = await heard(open('ast', { apiSecret: 'wrongOpaqueSecret' }));
    expect(error?.code).toBe('hear.key-refused');
    expect(server.faults.splice(0)).toEqual(['handshake: HMAC signature does not match']);
  });

  it('understands Chinese', () => {
    expect(open('ast').capabilities.languages).toEqual(['zh']);
  });
});

describe('iflytek: models and prompts', () => {
  it('is opened by its name', async () => {
    const engine = await remoteRecogniserFor('iflytek:iat-slm', { providers: iflytekAt(server.origin) });
    expect(engine.id).toBe('iflytek:iat-slm');
    expect(engine.capabilities.prompt).toBe(true);
  });

  it('knows no other dictation', () => {
    expect(() => open('whisper')).toThrow(expect.objectContaining({ code: 'hear.unknown-model' }));
  });

  it('I5: a result that is not base64 is no result', async () => {
    server.play('corrupt-base64', 1);
    expect((await heard(open('iat-slm'))).error?.code).toBe('hear.upstream-failed');
  });

  it('hands on the words of a prompt, and says which it could not', async () => {
    expect((await heard(open('iat-slm'), { prompt: '星火, Sensorium' })).losses).toEqual([]);
    const many = Array.from({ length: 300 }, (_, at) => `名词${at}`).join('，');
    const { losses, error } = await heard(open('iat-slm'), { prompt: many });
    expect(error).toBeNull();
    expect(losses).toEqual([
      expect.objectContaining({ kind: 'option-ignored', text: 'prompt', unit: 'words', part: 'part-1' }),
    ]);
  });
});
