import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isSensoriumError, type SensoriumError } from '#contract/error.ts';
import type { Loss } from '#contract/loss.ts';
import type { Sound } from '#contract/media.ts';
import type { Segment } from '#contract/perception.ts';
import { endpointOf } from '#upstream/endpoint.ts';
import { QWEN_TEST_KEY, qwenConformance } from '../../src/conformance/qwen/server.ts';
import { type Running, startConformance } from '../../src/conformance/server.ts';
import { taskAsr } from '../../src/perceive/hear/engines/qwen-asr/task.ts';
import { examineSpeechEngine } from '../../src/speak/conformance.ts';
import { remoteSpeechFor } from '../../src/speak/engines/remote/index.ts';
import { PATIENCE } from './patience.ts';

const VOICE = 'qwen:cosyvoice-v2/longxiaochun_v2';
const TEXT = '今天下午三点开会。';
const providersAt = (origin: string, apiKey = QWEN_TEST_KEY) => ({
  qwen: {
    baseUrl: `${origin}/compatible-mode/v1`,
    apiKey,
    // No case here is about silence, and a busy machine may be silent for a while.
    patience: { ...PATIENCE, stallTimeoutMs: 10_000 },
  },
});

let examined: Running;
examineSpeechEngine('cosyvoice at its conformance server', async () => {
  examined = await startConformance(qwenConformance);
  const engine = await remoteSpeechFor(VOICE, { providers: providersAt(examined.origin) });
  return {
    ...engine,
    async close() {
      expect(examined.faults).toEqual([]);
      await examined.close();
    },
  };
});

describe('qwen: the task socket', () => {
  let server: Running;
  beforeAll(async () => {
    server = await startConformance(qwenConformance);
  });
  afterEach(() => {
    server.play('happy');
    expect(server.faults.splice(0)).toEqual([]);
  });
  afterAll(() => server.close());

  async function say(play = 'happy', { speed = 1, voice = VOICE, apiKey = QWEN_TEST_KEY, times = 1 } = {}) {
    server.play(play);
    const engine = await remoteSpeechFor(voice, { providers: providersAt(server.origin, apiKey) });
    const losses: Loss[] = [];
    const context = { signal: new AbortController().signal, note: (loss: Loss) => losses.push(loss) };
    let samples = 0;
    let error: SensoriumError | null = null;
    try {
      for (let time = 0; time < times; time++) {
        for await (const pcm of engine.speak({ text: TEXT, voice, speed }, context)) samples += pcm.length;
      }
    } catch (thrown) {
      if (!isSensoriumError(thrown)) throw thrown;
      error = thrown;
    }
    return { seconds: samples / engine.sampleRateHz, losses, error };
  }

  async function hear(play = 'happy', model = 'fun-asr-realtime', language?: string) {
    server.play(play);
    const endpoint = endpointOf('qwen', providersAt(server.origin).qwen);
    const engine = taskAsr({ ...endpoint, id: `qwen:${model}`, model }, { paceMs: 0 });
    const pcm = Float32Array.from({ length: 3 * 16_000 }, (_, at) => 0.3 * Math.sin(at / 6));
    const sound: Sound = {
      sampleRateHz: 16_000,
      async *pcm() {
        yield pcm;
      },
    };
    const segments: Segment[] = [];
    let error: SensoriumError | null = null;
    try {
      const recording = { part: 'part-1', sound, speech: [{ startMs: 300, endMs: 2_700 }], language };
      const context = { signal: new AbortController().signal, note: () => {} };
      for await (const segment of engine.hear(recording, context)) segments.push(segment);
    } catch (thrown) {
      if (!isSensoriumError(thrown)) throw thrown;
      error = thrown;
    }
    return { segments, error };
  }

  it('speaks: waits until the task has started, then all of the sound comes', async () => {
    const { seconds, error, losses } = await say();
    expect(error).toBeNull();
    expect(seconds).toBeCloseTo(0.72, 3);
    expect(losses).toEqual([]);
  });

  it('Q14 keeps sound that comes before the word that its task has started', async () => {
    expect((await say('sound-first')).seconds).toBeCloseTo(0.82, 3);
  });

  it('Q14 leaves alone what is said of somebody else’s task', async () => {
    const spoken = await say('foreign-task');
    expect(spoken.error).toBeNull();
    expect(spoken.seconds).toBeCloseTo(0.72, 3);
    const heard = await hear('foreign-task');
    expect(heard.error).toBeNull();
    expect(heard.segments[0]?.text).not.toContain('不是你的');
  });

  it.each([
    ['task-failed', 'upstream-failed', 'The engine failed.'],
    ['task-filtered', 'refused', 'inappropriate content'],
    ['socket-cut', 'upstream-failed', 'closed the connection'],
    ['socket-closed', 'upstream-failed', 'before the task was done'],
  ])('Q14 %s is %s for speaking and hearing', async (play, kind, words) => {
    const spoken = await say(play);
    expect(spoken.error?.code).toBe(`speak.${kind}`);
    expect(spoken.error?.message).toContain(words);
    // What came before was passed on.
    expect(spoken.seconds).toBeGreaterThan(0.1);
    const heard = await hear(play);
    expect(heard.error?.code).toBe(`hear.${kind}`);
    expect(heard.error?.message).toContain(words);
  });

  it('has a key refused at the door, and does not repeat it', async () => {
    const { error } = await say('bad-key');
    expect(error?.code).toBe('speak.key-refused');
    expect(`${error?.message} ${error?.hint}`).not.toContain(QWEN_TEST_KEY);
    expect((await say('happy', { apiKey: 'another' })).error?.code).toBe('speak.key-refused');
    expect(server.faults.splice(0)).toEqual(['socket: authorization']);
  });

  it('tells the server’s fault with a voice', async () => {
    const { error } = await say('happy', { voice: 'qwen:cosyvoice-v2/nobody' });
    expect(error?.code).toBe('speak.refused');
    expect(server.faults.splice(0)).toEqual(['parameters.voice: nobody']);
  });

  it('speaks as fast as it can, and says once that it was not fast enough', async () => {
    const { seconds, losses } = await say('happy', { speed: 3, times: 2 });
    expect(seconds).toBeCloseTo(0.72, 3);
    expect(losses).toMatchObject([{ kind: 'option-ignored', stage: 'speak', text: 'speed' }]);
  });

  it.each(['fun-asr-realtime', 'paraformer-realtime-v2'])(
    '%s hears all of it and tells each word’s time',
    async (model) => {
      const { segments, error } = await hear('happy', model, 'zh-CN');
      expect(error).toBeNull();
      expect(segments).toHaveLength(1);
      // The piece has its padding besides: 3.0 s.
      expect(segments[0]?.text).toBe('我听到了一段3.0秒的录音，里面有人在说话。');
      const words = segments[0]?.words ?? [];
      expect(new Set(words.map(({ timeSource }) => timeSource))).toEqual(new Set(['model']));
      expect(words.every(({ confidence }) => confidence === null)).toBe(true);
      const starts = words.map(({ startMs }) => startMs);
      expect(starts).toEqual(starts.toSorted((one, other) => one - other));
    },
  );
});
