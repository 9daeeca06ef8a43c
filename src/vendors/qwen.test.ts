import { expect, it } from 'vitest';
import { QWEN } from './qwen.ts';

const factsOf = (model: string) => QWEN.models.find(({ names }) => names.test(model))?.facts;
const MINUTE_MS = 60_000;

it.each([
  ['qwen3.6-plus', 120 * MINUTE_MS],
  ['qwen3-vl-flash', 60 * MINUTE_MS],
  ['qwen3-vl-235b-a22b-thinking', 60 * MINUTE_MS],
  ['qwen3-vl-8b-instruct', 20 * MINUTE_MS],
  ['qwen-vl-max-latest', 20 * MINUTE_MS],
  ['qwen2.5-vl-72b-instruct', 10 * MINUTE_MS],
  ['qvq-max', 10 * MINUTE_MS],
  ['qwen2-vl-7b-instruct', 40_000],
])('%s sees pictures and videos of up to %i ms and does not hear them', (model, maxDurationMs) => {
  expect(factsOf(model)).toMatchObject({
    input: ['text', 'image', 'video'],
    output: ['text'],
    limits: { video: { maxDurationMs } },
    rules: { hearsVideo: false },
  });
});

it.each([
  ['qwen3.5-omni-plus', { oneKindPerMessage: false }],
  ['qwen3-omni-flash-2025-12-01', { oneKindPerMessage: true }],
  ['qwen-omni-turbo-latest', { oneKindPerMessage: true, systemWhenSpeaking: false }],
  ['qwen2.5-omni-7b', { oneKindPerMessage: true }],
])('%s sees, hears and speaks, streaming only', (model, rules) => {
  expect(factsOf(model)).toMatchObject({
    input: ['text', 'image', 'audio', 'video'],
    output: ['text', 'audio'],
    rules: { streamOnly: true, hearsVideo: true, ...rules },
  });
});

it.each([
  ['qwen3-omni-30b-a3b-captioner', ['text', 'audio'], ['text']],
  ['qwen-audio-turbo', ['text', 'audio'], ['text']],
  ['qwen2-audio-instruct', ['text', 'audio'], ['text']],
  ['qwen3-asr-flash', ['audio'], ['text']],
  ['fun-asr-realtime', ['audio'], ['text']],
  ['qwen3-tts-flash', ['text'], ['audio']],
  ['cosyvoice-v3', ['text'], ['audio']],
])('%s turns %j into %j', (model, input, output) => {
  expect(factsOf(model)).toMatchObject({ input, output });
});

it('says nothing of models it does not know', () => {
  expect(factsOf('qwen-max')).toBeUndefined();
  expect(factsOf('qwen3-omni-flash-realtime')?.input).toBeUndefined();
});
