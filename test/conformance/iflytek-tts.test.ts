import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isSensoriumError, type SensoriumError } from '#contract/error.ts';
import type { Loss } from '#contract/loss.ts';
import type { SpeechEngine } from '#contract/ports.ts';
import { iflytekConformance } from '../../src/conformance/iflytek/sockets.ts';
import { type Running, startConformance } from '../../src/conformance/server.ts';
import { examineSpeechEngine } from '../../src/speak/conformance.ts';
import { remoteSpeechFor, remoteVoicesOf } from '../../src/speak/engines/remote/index.ts';
import { iflytekAt } from './iflytek.ts';

let server: Running;
beforeAll(async () => {
  server = await startConformance(iflytekConformance);
});
afterEach(() => {
  server.play('happy');
  expect(server.faults.splice(0)).toEqual([]);
});
afterAll(() => server.close());

const open = (voice: string): Promise<SpeechEngine> => remoteSpeechFor(voice, { providers: iflytekAt(server.origin) });

interface Said {
  readonly durationMs: number;
  readonly losses: readonly Loss[];
  readonly error: SensoriumError | null;
}

async function said(voice: string, { text = '今天天气很好，我们出去走走吧。', speed = 1 } = {}): Promise<Said> {
  const engine = await open(voice);
  const losses: Loss[] = [];
  let samples = 0;
  let error: SensoriumError | null = null;
  try {
    const context = { signal: new AbortController().signal, note: (loss: Loss) => losses.push(loss) };
    for await (const pcm of engine.speak({ text, voice, speed }, context)) samples += pcm.length;
  } catch (thrown) {
    if (!isSensoriumError(thrown)) throw thrown;
    error = thrown;
  }
  return { durationMs: (samples * 1000) / engine.sampleRateHz, losses, error };
}

const VOICES = [
  ['iflytek:xiaoyan', 16_000],
  ['iflytek:oral/x4_lingxiaoxuan_oral', 24_000],
] as const;

describe.each(VOICES)('%s at its conformance server', (voice, rateHz) => {
  examineSpeechEngine(voice, () => open(voice));

  it('I9: says a sentence in sound of its own rate, however many clauses it has', async () => {
    expect((await open(voice)).sampleRateHz).toBe(rateHz);
    // 15 letters of 200 ms each, as the server has it.
    expect(await said(voice)).toEqual({ durationMs: 3_000, losses: [], error: null });
    expect((await said(voice, { text: '好' })).durationMs).toBe(200);
    expect((await said(voice, { text: '，好。。' })).durationMs).toBe(800);
  });

  it('I8: a message without data is none', async () => {
    server.play('null-data', 1);
    expect(await said(voice)).toEqual({ durationMs: 3_000, losses: [], error: null });
  });

  it('H9: a sample that is cut between two pieces is whole again, and half a sample at the end is not played', async () => {
    server.play('odd-pieces', 1);
    expect((await said(voice)).durationMs).toBe(3_000);
    server.play('odd-bytes', 1);
    expect((await said(voice)).durationMs).toBe(3_000 - 1000 / rateHz);
  });

  it.each([
    ['code:10700', 'speak.upstream-failed'],
    ['code:11200', 'speak.key-refused'],
    ['code:11202', 'speak.rate-limited'],
    ['code:10163', 'speak.refused'],
    ['cut-off', 'speak.upstream-failed'],
    ['corrupt-base64', 'speak.upstream-failed'],
    ['silence', 'speak.upstream-failed'],
    ['mismatch', 'speak.key-refused'],
  ])('I6, I10: %s is %s', async (play, code) => {
    server.play(play, 1);
    const { error, durationMs } = await said(voice);
    expect(error?.code).toBe(code);
    // What had come was passed on.
    if (play === 'code:10700' || play === 'cut-off') expect(durationMs).toBeGreaterThan(1_000);
  });

  it.each([
    [2, 1_500, 0],
    [0.5, 6_000, 0],
    [4, 1_500, 1],
    [0.25, 6_000, 1],
  ])('speaks at %s times its pace, or says that it cannot', async (speed, durationMs, count) => {
    const got = await said(voice, { speed });
    expect(got.durationMs).toBe(durationMs);
    expect(got.losses.map(({ kind, text }) => ({ kind, text }))).toEqual(
      Array.from({ length: count }, () => ({ kind: 'option-ignored', text: 'speed' })),
    );
  });

  it('refuses a sentence that is longer than one session takes', async () => {
    const { error } = await said(voice, { text: '长'.repeat(3_000) });
    expect(error?.code).toBe('speak.too-long');
  });
});

describe('iflytek: its voices', () => {
  it('keeps the two kinds apart, and takes voices that are in no list', async () => {
    expect(remoteVoicesOf('iflytek').map(({ id }) => id)).toContain('iflytek:oral/x5_lingfeiyi_flow');
    const basic = (await open('iflytek:xiaoyan')).voices.map(({ id }) => id);
    expect(basic).toContain('iflytek:aisjiuxu');
    expect(basic.filter((id) => id.includes('oral'))).toEqual([]);
    expect((await open('iflytek:x4_bought')).voices.map(({ id }) => id)).toContain('iflytek:x4_bought');
    expect((await said('iflytek:x4_bought')).durationMs).toBe(3_000);
    expect((await said('iflytek:oral/x6_bought_flow')).durationMs).toBe(3_000);
  });

  it('knows no other synthesis', async () => {
    await expect(open('iflytek:singing/xiaoyan')).rejects.toMatchObject({ code: 'speak.unknown-model' });
  });
});
