import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SensoriumError } from '#contract/error.ts';
import type { Loss } from '#contract/loss.ts';
import type { Segment } from '#contract/perception.ts';
import { OPENAI_TEST_KEY } from '../../src/conformance/openai/key.ts';
import { openAiConformance } from '../../src/conformance/openai/server.ts';
import type { Running } from '../../src/conformance/server.ts';
import { startConformance } from '../../src/conformance/server.ts';
import { buzz, soundOf } from '../../src/perceive/hear/__fixtures__/sound.ts';
import { recogniserExam } from '../../src/perceive/hear/conformance.ts';
import { remoteRecogniserFor } from '../../src/perceive/hear/engines/remote/index.ts';
import { examineSpeechEngine } from '../../src/speak/conformance.ts';
import { remoteSpeechFor } from '../../src/speak/engines/remote/index.ts';
import { PATIENCE } from './patience.ts';

let server: Running;
const started = startConformance(openAiConformance);
beforeAll(async () => {
  server = await started;
});
afterEach(() => {
  server.play('happy');
  expect(server.faults.splice(0)).toEqual([]);
});
afterAll(() => server.close());

async function providers() {
  const { origin } = await started;
  const place = { baseUrl: `${origin}/v1`, apiKey: OPENAI_TEST_KEY, patience: PATIENCE };
  return { providers: { openai: place, house: place } };
}

const SPEECH = [
  { startMs: 500, endMs: 1_500 },
  { startMs: 6_000, endMs: 7_000 },
];
const recording = { sound: soundOf(buzz(8_000, SPEECH)), speech: SPEECH, durationMs: 8_000 };

for (const model of ['openai:whisper-1', 'openai:gpt-4o-mini-transcribe', 'house:large']) {
  recogniserExam(
    `${model} at the conformance server`,
    async () => remoteRecogniserFor(model, await providers()),
    async () => recording,
  );
}
examineSpeechEngine('openai:alloy at the conformance server', async () =>
  remoteSpeechFor('openai:alloy', await providers()),
);

interface Heard {
  readonly segments: Segment[];
  readonly losses: Loss[];
  readonly error: SensoriumError | null;
}

async function hear(model: string, more: { prompt?: string; language?: string } = {}): Promise<Heard> {
  const engine = await remoteRecogniserFor(model, await providers());
  const [segments, losses]: [Segment[], Loss[]] = [[], []];
  const context = { signal: new AbortController().signal, note: (loss: Loss) => losses.push(loss) };
  try {
    const call = { part: 'part-1', ...recording, ...more };
    for await (const segment of engine.hear(call, context)) segments.push(segment);
    return { segments, losses, error: null };
  } catch (error) {
    return { segments, losses, error: error as SensoriumError };
  }
}

const lost = ({ losses }: { losses: readonly Loss[] }) => losses.map(({ kind, text }) => [kind, text]);
const SAID = [/^I heard 1\.40 seconds of sound\.$/, /^I heard 1\.40 seconds of sound\.$/];
function mustBeHeard({ segments, error }: Heard): void {
  expect(error).toBeNull();
  expect(segments).toHaveLength(SAID.length);
  for (const [at, { text }] of segments.entries()) expect(text).toMatch(SAID[at] ?? /$^/);
}

describe('transcriptions (X2)', () => {
  it('asks Whisper for the times of words, and keeps the marks between them', async () => {
    const heard = await hear('openai:whisper-1', { prompt: 'sound, seconds', language: 'en-GB' });
    mustBeHeard(heard);
    expect(heard.losses).toEqual([]);
    const [first] = heard.segments;
    expect(first).toMatchObject({ language: 'en', words: { length: 6 } });
    for (const { timeSource, confidence, confidenceSource } of first?.words ?? []) {
      expect([timeSource, confidence, confidenceSource]).toEqual(['model', null, null]);
    }
    // The server said these two of the whole segment, which lasts 1.4 s with what is put before and after it.
    expect(first?.meanLogprob).toBeCloseTo(-0.1014, 6);
    expect(first?.noSpeechProbability).toBeCloseTo(0.0014, 6);
  });

  it('asks newer models for the probability of each token', async () => {
    const heard = await hear('openai:gpt-4o-mini-transcribe');
    mustBeHeard(heard);
    const confidences = heard.segments[0]?.words.map(({ confidence }) => confidence) ?? [];
    expect(confidences[0]).toBeCloseTo(Math.exp(-0.01), 6);
    expect(new Set(confidences).size).toBeGreaterThan(3);
    expect(heard.segments[0]?.words[0]?.confidenceSource).toBe('token-logprob:openai:gpt-4o-mini-transcribe');
  });

  it('lets a model that parts speakers cut for itself, and says that it takes no prompt', async () => {
    const heard = await hear('openai:gpt-4o-transcribe-diarize', { prompt: 'sound' });
    mustBeHeard(heard);
    expect(lost(heard)).toEqual([['option-ignored', 'prompt']]);
  });

  it.each([
    ['no-verbose', 'openai:whisper-1', 'word times'],
    ['no-granularities', 'house:large', 'word times'],
    ['no-prompt', 'openai:whisper-1', 'prompt'],
    ['no-language', 'openai:whisper-1', 'language'],
    ['no-logprobs', 'openai:gpt-4o-transcribe', 'probabilities'],
  ])('%s: learns it once, does without, and says so', async (play, model, option) => {
    server.play(play);
    const before = server.seen.length;
    const heard = await hear(model, { prompt: 'sound', language: 'en' });
    mustBeHeard(heard);
    expect(lost(heard)).toEqual([['option-ignored', option]]);
    // Two pieces, and one more for what was learnt.
    expect(server.seen.length - before).toBe(3);
  });

  it('takes figures that are the same placeholder throughout for none', async () => {
    server.play('placeholder-figures');
    const heard = await hear('openai:whisper-1');
    mustBeHeard(heard);
    expect(heard.segments[0]).toMatchObject({ meanLogprob: null, noSpeechProbability: null });
  });

  it.each(['transcript-events', 'transcription-chunks'])('%s: reads a stream nobody asked for (L5)', async (play) => {
    server.play(play);
    mustBeHeard(await hear('openai:gpt-4o-mini-transcribe'));
  });

  it('reads the verbose answer of vLLM: the duration as text, no words (L5)', async () => {
    const vllm = await startConformance(openAiConformance, { switches: ['vllm'] });
    const place = { baseUrl: `${vllm.origin}/v1`, apiKey: OPENAI_TEST_KEY };
    const engine = await remoteRecogniserFor('house:qwen3-asr', { providers: { house: place } });
    const context = { signal: new AbortController().signal, note: () => {} };
    const segments: Segment[] = [];
    for await (const one of engine.hear({ part: 'part-1', ...recording }, context)) segments.push(one);
    mustBeHeard({ segments, losses: [], error: null });
    expect(segments[0]?.words[0]?.timeSource).toBe('interpolated');
    expect(vllm.faults).toEqual([]);
    await vllm.close();
  });

  it.each([
    ['bad-key', 'hear.key-refused', 1],
    ['quota-spent', 'hear.quota-spent', 1],
    ['never-retry', 'hear.upstream-failed', 1],
    ['error-500', 'hear.upstream-failed', 1],
    ['busy-503', 'hear.upstream-failed', 3],
    ['rate-limited', 'hear.rate-limited', 3],
    ['filtered-input', 'hear.refused', 1],
    ['not-a-transcript', 'hear.upstream-failed', 1],
    ['reset-midway', 'hear.upstream-failed', 1],
    ['stalled', 'hear.upstream-failed', 1],
  ])('%s: fails as %s and keeps the key to itself', async (play, code, asked) => {
    server.play(play);
    const before = server.seen.length;
    const { error } = await hear('openai:whisper-1');
    expect(error?.code).toBe(code);
    expect(`${error?.message} ${error?.hint} ${JSON.stringify(error?.details)}`).not.toContain(OPENAI_TEST_KEY);
    expect(server.seen.length - before).toBe(asked);
  });
});

const SENTENCE = 'Hello there, how are you?';
/** What the server says in so many characters, at 24 kHz. */
const SAMPLES = SENTENCE.length * 70 * 24;

async function say(play: string, speed = 1, voice = 'openai:nova') {
  const engine = await remoteSpeechFor(voice, await providers());
  server.play(play);
  const chunks: number[] = [];
  const losses: Loss[] = [];
  const context = { signal: new AbortController().signal, note: (loss: Loss) => losses.push(loss) };
  let error: SensoriumError | null = null;
  try {
    for await (const pcm of engine.speak({ text: SENTENCE, voice, speed }, context)) chunks.push(...pcm);
  } catch (thrown) {
    error = thrown as SensoriumError;
  }
  return { pcm: chunks, losses, error };
}

describe('speech (X3)', () => {
  it.each(['happy', 'always-wav', 'speech-events', 'speech-events-named', 'no-pcm', 'byte-by-byte'])(
    '%s: gives the whole sound',
    async (play) => {
      const { pcm, losses, error } = await say(play);
      expect(error).toBeNull();
      expect(losses).toEqual([]);
      expect(pcm).toHaveLength(SAMPLES);
      expect(Math.max(...pcm)).toBeCloseTo(8_000 / 32_768, 2);
    },
  );

  it('sends the pace, the voice and the model that were asked for', async () => {
    expect((await say('happy', 2, 'house:tts-1/onyx')).pcm).toHaveLength(SAMPLES / 2);
    expect(server.seen.at(-1)?.json()).toEqual({
      model: 'tts-1',
      input: SENTENCE,
      voice: 'onyx',
      response_format: 'pcm',
      speed: 2,
    });
  });

  it('no-speed: speaks at its own pace and says so', async () => {
    const { pcm, losses } = await say('no-speed', 2);
    expect(pcm).toHaveLength(SAMPLES);
    expect(lost({ losses })).toEqual([['option-ignored', 'speed']]);
  });

  it('speech-odd: half a sample is left out, and that is said (H9)', async () => {
    const { pcm, losses } = await say('speech-odd');
    expect(pcm).toHaveLength(SAMPLES);
    expect(lost({ losses })).toEqual([['truncated', null]]);
  });

  it.each([
    ['bad-key', 'speak.key-refused'],
    ['quota-spent', 'speak.quota-spent'],
    ['rate-limited', 'speak.rate-limited'],
    ['never-retry', 'speak.upstream-failed'],
    ['filtered-input', 'speak.refused'],
    ['speech-mp3', 'speak.upstream-failed'],
    ['speech-json', 'speak.upstream-failed'],
    ['speech-events-error', 'speak.upstream-failed'],
    ['speech-events-cut', 'speak.upstream-failed'],
    ['reset-midway', 'speak.upstream-failed'],
    ['stalled', 'speak.upstream-failed'],
  ])('%s: fails as %s and keeps the key to itself', async (play, code) => {
    const { error, pcm } = await say(play);
    expect(error?.code).toBe(code);
    expect(`${error?.message} ${error?.hint} ${JSON.stringify(error?.details)}`).not.toContain(OPENAI_TEST_KEY);
    // What had come was passed on.
    if (/midway|stalled|events/.test(play)) expect(pcm.length).toBeGreaterThan(0);
  });
});

it('knows servers people run themselves without a word in the configuration, and no others', async () => {
  const nothing = { providers: {} };
  expect((await remoteRecogniserFor('vllm:qwen3-asr', nothing)).id).toBe('vllm:qwen3-asr');
  expect((await remoteSpeechFor('vllm-omni:qwen3-tts/vivian', nothing)).id).toBe('vllm-omni');
  await expect(remoteRecogniserFor('deepseek:x', nothing)).rejects.toMatchObject({ code: 'hear.unknown-engine' });
  await expect(remoteSpeechFor('nowhere:x', nothing)).rejects.toMatchObject({ code: 'speak.unknown-voice' });
});
