import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isSensoriumError, type SensoriumError } from '#contract/error.ts';
import type { Loss } from '#contract/loss.ts';
import type { Sound } from '#contract/media.ts';
import type { Segment } from '#contract/perception.ts';
import { wavFile } from '#kit/pcm.ts';
import { endpointOf } from '#upstream/endpoint.ts';
import { GLM_TEST_KEY } from '../../src/conformance/glm/key.ts';
import { glmConformance } from '../../src/conformance/glm/server.ts';
import { GLM_CLONED } from '../../src/conformance/glm/talk.ts';
import { type Running, startConformance } from '../../src/conformance/server.ts';
import { recogniserExam } from '../../src/perceive/hear/conformance.ts';
import { remoteRecogniserFor } from '../../src/perceive/hear/engines/remote/index.ts';
import { examineSpeechEngine } from '../../src/speak/conformance.ts';
import { listClonedVoices } from '../../src/speak/engines/glm-tts/cloned-voices.ts';
import { type Form, glmTts } from '../../src/speak/engines/glm-tts/engine.ts';
import { remoteSpeechFor } from '../../src/speak/engines/remote/index.ts';
import { PATIENCE } from './patience.ts';

const BASE = '/api/paas/v4';

let server: Running;
let whole: Running;
beforeAll(async () => {
  server = await startConformance(glmConformance);
  whole = await startConformance(glmConformance, { switches: ['transcripts-whole', 'speech-whole'] });
});
afterEach(() => {
  server.play('happy');
  expect([...server.faults.splice(0), ...whole.faults.splice(0)]).toEqual([]);
});
afterAll(() => Promise.all([server.close(), whole.close()]));

const providers = (at: Running, dialect?: string, apiKey = GLM_TEST_KEY) => ({
  glm: { baseUrl: `${at.origin}${BASE}`, apiKey, dialect, patience: PATIENCE },
});

/** A tone of so many seconds, as something that may be heard again. */
function recording(seconds: number): {
  sound: Sound;
  speech: { startMs: number; endMs: number }[];
  durationMs: number;
} {
  const durationMs = seconds * 1000;
  const sound: Sound = {
    sampleRateHz: 16_000,
    async *pcm() {
      for (let second = 0; second < seconds; second++)
        yield Float32Array.from({ length: 16_000 }, (_, at) => Math.sin(at / 9) / 4);
    },
  };
  return { sound, speech: [{ startMs: 0, endMs: durationMs }], durationMs };
}

interface Heard {
  readonly text: string;
  readonly losses: readonly Loss[];
  readonly error: SensoriumError | null;
}

async function hear({
  at = server,
  seconds = 3,
  dialect,
  ...more
}: {
  at?: Running;
  seconds?: number;
  dialect?: string;
  prompt?: string;
  language?: string;
} = {}): Promise<Heard> {
  const { sound, speech } = recording(seconds);
  const engine = await remoteRecogniserFor('glm:glm-asr-2512', { providers: providers(at, dialect) });
  const losses: Loss[] = [];
  const segments: Segment[] = [];
  const context = { signal: new AbortController().signal, note: (loss: Loss) => losses.push(loss) };
  const text = () => segments.map((segment) => segment.text).join('');
  try {
    for await (const segment of engine.hear({ part: 'part-1', sound, speech, ...more }, context))
      segments.push(segment);
    return { text: text(), losses, error: null };
  } catch (error) {
    if (!isSensoriumError(error)) throw error;
    return { text: text(), losses, error };
  }
}

async function lastForm(): Promise<FormData> {
  const { bytes, headers } = server.seen.at(-1)!;
  return new Response(new Uint8Array(bytes), { headers: { 'content-type': headers['content-type']! } }).formData();
}

recogniserExam(
  'GLM-ASR at its conformance server',
  () => remoteRecogniserFor('glm:glm-asr-2512', { providers: providers(server) }),
  async () => recording(3),
);

describe('G9: GLM-ASR', () => {
  it('joins the words of a stream, and takes an answer in one piece; the sound has arrived', async () => {
    // Three seconds and a pad before and after.
    expect(await hear()).toEqual({ text: '这段录音长3.6秒。', losses: [], error: null });
    expect((await hear({ at: whole })).text).toBe('这段录音长3.6秒。');
    expect((await hear({ dialect: 'glm-jwt' })).text).toBe('这段录音长3.6秒。');
  });

  it('cuts what is longer than the server takes', async () => {
    const before = server.seen.length;
    const { error, losses } = await hear({ seconds: 65 });
    expect(error).toBeNull();
    expect(server.seen.length - before).toBe(3);
    expect(losses.map(({ kind }) => kind)).toContain('cut-in-speech');
  });

  it('sends a list of terms as hotwords, one field each, and prose as what came before', async () => {
    await hear({ prompt: '智谱，GLM，清华大学' });
    expect((await lastForm()).getAll('hotwords')).toEqual(['智谱', 'GLM', '清华大学']);
    expect((await lastForm()).get('prompt')).toBeNull();
    await hear({ prompt: '我们昨天谈到了预算。今天继续。' });
    expect((await lastForm()).get('prompt')).toBe('我们昨天谈到了预算。今天继续。');
    expect((await lastForm()).getAll('hotwords')).toEqual([]);
  });

  it('tells once what it cannot send', async () => {
    const terms = Array.from({ length: 103 }, (_, at) => `term${at}`);
    const { losses } = await hear({ seconds: 65, prompt: terms.join(','), language: 'zh' });
    const ignored = losses.filter(({ kind }) => kind === 'option-ignored');
    expect(ignored.map(({ text }) => text)).toEqual(['prompt', 'language']);
    expect((await lastForm()).getAll('hotwords')).toEqual(terms.slice(3));
  });

  it.each([
    ['refused-1113', 'hear.quota-spent', 1],
    ['refused-1302', 'hear.rate-limited', 3],
    ['refused-1261', 'hear.too-long', 1],
    ['refused-1211', 'hear.unknown-model', 1],
    ['bad-key', 'hear.key-refused', 1],
    ['failed-midway', 'hear.upstream-failed', 1],
    ['malformed-line', 'hear.upstream-failed', 1],
    ['cut-off', 'hear.upstream-failed', 1],
    ['no-transcript', 'hear.upstream-failed', 1],
    ['reset-midway', 'hear.upstream-failed', 1],
  ])('%s is %s, asked %i times', async (play, code, times) => {
    const before = server.seen.length;
    server.play(play);
    const { error, text } = await hear();
    expect(error?.code).toBe(code);
    expect(`${error?.message} ${error?.hint}`).not.toContain(GLM_TEST_KEY);
    expect(text).toBe('');
    expect(server.seen.length - before).toBe(times);
  });

  const form = async (fields: readonly (readonly [string, string])[], file?: Buffer) => {
    const body = new FormData();
    for (const [name, value] of fields) body.append(name, value);
    if (file) body.append('file', new Blob([new Uint8Array(file)]), 'speech.wav');
    const headers = { authorization: `Bearer ${GLM_TEST_KEY}` };
    const reply = await fetch(`${server.origin}${BASE}/audio/transcriptions`, { method: 'POST', headers, body });
    server.faults.splice(0);
    return (await reply.json()) as { text?: string; error?: { code: string } };
  };
  const short = wavFile(new Float32Array(16_000), 16_000);
  const long = wavFile(new Float32Array(31 * 16_000), 16_000);
  it('the server takes a file or base64, and judges their form', async () => {
    const asr = ['model', 'glm-asr-2512'] as const;
    expect((await form([asr], short)).text).toBe('这段录音长1.0秒。');
    expect((await form([asr, ['file_base64', short.toString('base64')]])).text).toBe('这段录音长1.0秒。');
    expect((await form([asr], long)).error?.code).toBe('1210');
    expect((await form([asr], short.subarray(0, 100))).error?.code).toBe('1210');
    expect((await form([asr, ['language', 'zh']], short)).error?.code).toBe('1210');
    expect((await form([['model', 'whisper-1']], short)).error?.code).toBe('1211');
    const words = Array.from({ length: 101 }, (_, at) => ['hotwords', `w${at}`] as const);
    expect((await form([asr, ...words], short)).error?.code).toBe('1210');
    expect((await form([asr])).error?.code).toBe('1210');
  });
});

async function say(
  text: string,
  {
    at = server,
    form = 'base64',
    speed = 1,
    voice = 'tongtong',
  }: { at?: Running; form?: Form; speed?: number; voice?: string } = {},
) {
  const endpoint = endpointOf('glm', providers(at).glm);
  const engine = glmTts({ ...endpoint, model: 'glm-tts', voices: [] }, form);
  const losses: Loss[] = [];
  const context = { signal: new AbortController().signal, note: (loss: Loss) => losses.push(loss) };
  const pcm: number[] = [];
  let error: SensoriumError | null = null;
  try {
    for await (const chunk of engine.speak({ text, voice: `glm:${voice}`, speed }, context)) pcm.push(...chunk);
  } catch (thrown) {
    if (!isSensoriumError(thrown)) throw thrown;
    error = thrown;
  }
  return { pcm, losses, error, durationMs: (pcm.length / engine.sampleRateHz) * 1000 };
}

examineSpeechEngine('GLM-TTS at its conformance server', () =>
  remoteSpeechFor('glm:tongtong', { providers: providers(server) }),
);

describe('G10: GLM-TTS', () => {
  it('says the same whole, in base64, in hex, and from a server that does not stream', async () => {
    const streamed = await say('你好，今天天气怎么样？');
    expect(streamed).toMatchObject({ losses: [], error: null, durationMs: 770 });
    for (const form of ['wav', 'hex'] as const)
      expect((await say('你好，今天天气怎么样？', { form })).pcm).toEqual(streamed.pcm);
    expect((await say('你好，今天天气怎么样？', { at: whole })).pcm).toEqual(streamed.pcm);
    server.play('one-encoding');
    for (const form of ['base64', 'hex'] as const)
      expect((await say('你好，今天天气怎么样？', { form })).pcm).toEqual(streamed.pcm);
    server.play('happy');
    const short = await say('嗯。');
    server.play('byte-by-byte');
    expect(await say('嗯。')).toEqual(short);
  });

  it('sends a long text in stretches', async () => {
    const before = server.seen.length;
    const text = '今天天气很好，我们去公园。'.repeat(100);
    expect((await say(text)).durationMs).toBeCloseTo(text.length * 70, 3);
    expect(server.seen.length - before).toBe(2);
  });

  it('speaks as fast as it can where more is wanted, and says so', async () => {
    const { durationMs, losses } = await say('你好。', { speed: 3 });
    expect(durationMs).toBeCloseTo(105, 1);
    expect(losses).toMatchObject([{ kind: 'option-ignored', text: 'speed', action: 'Spoke 2 times as fast.' }]);
  });

  it('lists the voices cloned for a key, and speaks with one', async () => {
    const cloned = await listClonedVoices(endpointOf('glm', providers(server).glm), new AbortController().signal);
    expect(cloned).toEqual([{ voice: GLM_CLONED.voice, name: '我的声音' }]);
    expect((await say('你好。', { voice: GLM_CLONED.voice })).error).toBeNull();
    server.play('refused-1113');
    const refused = listClonedVoices(endpointOf('glm', providers(server).glm), new AbortController().signal);
    await expect(refused).rejects.toMatchObject({ code: 'speak.quota-spent' });
  });

  it('an unknown voice is refused', async () => {
    expect((await say('你好。', { voice: 'nobody' })).error?.code).toBe('speak.refused');
    expect(server.faults.splice(0)).toEqual(['a voice called nobody']);
  });

  it.each([
    ['refused-1113', 'base64', 'speak.quota-spent'],
    ['refused-1302', 'base64', 'speak.rate-limited'],
    ['failed-midway', 'base64', 'speak.upstream-failed'],
    ['cut-off', 'base64', 'speak.upstream-failed'],
    ['sound-not-base64', 'base64', 'speak.upstream-failed'],
    ['sound-not-base64', 'hex', 'speak.upstream-failed'],
    ['sound-cut', 'base64', 'speak.upstream-failed'],
    ['sound-cut', 'wav', 'speak.upstream-failed'],
    ['sound-empty', 'base64', 'speak.upstream-failed'],
    ['sound-empty', 'wav', 'speak.upstream-failed'],
    ['reset-midway', 'wav', 'speak.upstream-failed'],
  ] as const)('%s, asked for as %s, is %s', async (play, form, code) => {
    server.play(play);
    const { error } = await say('你好，今天天气怎么样？', { form });
    expect(error?.code).toBe(code);
  });
});
