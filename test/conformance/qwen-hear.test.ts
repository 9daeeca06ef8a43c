import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isSensoriumError } from '#contract/error.ts';
import type { TimeSpan } from '#contract/finding.ts';
import type { Loss } from '#contract/loss.ts';
import type { Sound } from '#contract/media.ts';
import type { Segment } from '#contract/perception.ts';
import type { Recogniser } from '#contract/ports.ts';
import { QWEN_TEST_KEY, qwenConformance } from '../../src/conformance/qwen/server.ts';
import { type Running, startConformance } from '../../src/conformance/server.ts';
import { recogniserExam } from '../../src/perceive/hear/conformance.ts';
import { remoteRecogniserFor } from '../../src/perceive/hear/engines/remote/index.ts';
import { PATIENCE } from './patience.ts';

const SECOND = 16_000;

/** So many seconds of a tone. */
function sound(seconds: number): Sound {
  const pcm = Float32Array.from({ length: seconds * SECOND }, (_, at) => 0.3 * Math.sin(at / 6));
  return {
    sampleRateHz: 16_000,
    async *pcm() {
      for (let at = 0; at < pcm.length; at += SECOND) yield pcm.subarray(at, at + SECOND);
    },
  };
}

const open = (origin: string, model = 'qwen3-asr-flash') =>
  remoteRecogniserFor(`qwen:${model}`, {
    providers: { qwen: { baseUrl: `${origin}/compatible-mode/v1`, apiKey: QWEN_TEST_KEY, patience: PATIENCE } },
  });

const server: { running?: Running } = {};
recogniserExam(
  'qwen-asr',
  async () => {
    server.running = await startConformance(qwenConformance);
    const engine = await open(server.running.origin);
    return { ...engine, close: () => server.running?.close() ?? Promise.resolve() };
  },
  async () => ({ sound: sound(6), speech: [{ startMs: 500, endMs: 5_500 }], durationMs: 6_000 }),
);

describe('qwen-asr: cases of its own', () => {
  let running: Running;
  let engine: Recogniser;
  beforeAll(async () => {
    running = await startConformance(qwenConformance);
    engine = await open(running.origin);
  });
  afterEach(() => {
    running.play('happy');
    expect(running.faults.splice(0)).toEqual([]);
  });
  afterAll(() => running.close());

  async function hear(
    seconds: number,
    speech: readonly TimeSpan[],
    more: { readonly language?: string; readonly prompt?: string } = {},
    losses: Loss[] = [],
  ): Promise<Segment[]> {
    const context = { signal: new AbortController().signal, note: (loss: Loss) => losses.push(loss) };
    const segments: Segment[] = [];
    const recording = { part: 'part-1', sound: sound(seconds), speech, ...more };
    for await (const segment of engine.hear(recording, context)) segments.push(segment);
    return segments;
  }
  const failing = async (play: string) => {
    running.play(play);
    try {
      await hear(3, [{ startMs: 0, endMs: 3_000 }]);
    } catch (thrown) {
      if (isSensoriumError(thrown)) return thrown.code;
      throw thrown;
    }
    return 'heard';
  };
  const sent = () => running.seen.at(-1)?.json() ?? {};

  it('Q6 sends the prompt as context and the language, and gives language and emotion without a made-up figure', async () => {
    const [segment] = await hear(3, [{ startMs: 200, endMs: 2_600 }], { prompt: '通义千问，百炼', language: 'zh-CN' });
    // Padding included, the server heard 3.0 s, and the first word of its context.
    expect(segment?.text).toBe('我听到了一段3.0秒的录音，里面有人在说话。提到了通义千问。');
    expect(segment).toMatchObject({
      language: 'zh',
      emotion: { label: 'happy', probability: null, source: 'qwen:qwen3-asr-flash' },
      meanLogprob: null,
    });
    expect(sent()).toMatchObject({ messages: [{ role: 'system', content: '通义千问，百炼' }, { role: 'user' }] });
    expect(sent().asr_options).toEqual({ language: 'zh' });
  });

  it('Q6 reads the same from a stream, and a transcript without annotations', async () => {
    const speech = [{ startMs: 200, endMs: 2_600 }];
    const whole = await hear(3, speech);
    running.play('streamed-anyway');
    expect(await hear(3, speech)).toEqual(whole);
    running.play('no-annotations');
    const [bare] = await hear(3, speech);
    expect(bare?.text).toBe(whole[0]?.text);
    expect(bare).not.toHaveProperty('language');
    expect(bare).not.toHaveProperty('emotion');
  });

  it('sends no context and no language where there are none', async () => {
    await hear(1, [{ startMs: 0, endMs: 900 }], { prompt: ' ' });
    expect(sent().messages).toHaveLength(1);
    expect(sent()).not.toHaveProperty('asr_options');
  });

  it('says once for a recording that a prompt is longer than the context may be', async () => {
    const losses: Loss[] = [];
    const speech = [
      { startMs: 0, endMs: 1_000 },
      { startMs: 5_000, endMs: 6_000 },
    ];
    await hear(6, speech, { prompt: '词'.repeat(10_007) }, losses);
    expect(losses).toMatchObject([{ kind: 'option-ignored', text: 'prompt', extent: 7, unit: 'characters' }]);
    await hear(6, speech, { prompt: '词'.repeat(10_000) }, losses);
    expect(losses).toHaveLength(1);
  });

  it.each(['qwen3-asr-flash-realtime', 'qwen3-asr-flash-filetrans', 'fun-asr-flash', 'qwen-audio-3.0-asr-flash'])(
    'does not ask %s in a way it is not reached',
    async (model) => {
      await expect(open(running.origin, model)).rejects.toMatchObject({ code: 'hear.unknown-model' });
    },
  );

  it('finds Fun-ASR and Paraformer on their socket', async () => {
    for (const model of ['fun-asr-realtime', 'paraformer-realtime-v2']) {
      expect((await open(running.origin, model)).capabilities.wordTimes).toBe('model');
    }
  });

  it('cuts what is too long, says where, and hears each piece', async () => {
    const losses: Loss[] = [];
    const segments = await hear(70, [{ startMs: 0, endMs: 70_000 }], {}, losses);
    expect(segments).toHaveLength(2);
    expect(losses.map(({ kind }) => kind)).toEqual(['cut-in-speech']);
  });

  it.each([
    ['bad-key', 'hear.key-refused', 1],
    ['wrong-region', 'hear.key-refused', 1],
    ['arrearage', 'hear.quota-spent', 1],
    ['allocation-quota', 'hear.quota-spent', 1],
    ['rate-limited', 'hear.rate-limited', 3],
    ['filtered-input', 'hear.refused', 1],
    // Sound is held in words, but it is a medium all the same: a server that stumbles may be asked again.
    ['error-500', 'hear.upstream-failed', 3],
    ['reset-midway', 'hear.upstream-failed', 1],
    ['stalled', 'hear.upstream-failed', 1],
    ['code-in-200', 'hear.upstream-failed', 1],
  ])('%s is %s', async (play, code, tries) => {
    const before = running.seen.length;
    expect(await failing(play)).toBe(code);
    expect(running.seen.length - before).toBe(tries);
  });
});
