import { expect, it } from 'vitest';
import type { Known } from '#contract/capabilities.ts';
import { type ErrorCode, SensoriumError } from '#contract/error.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { fakeLanguageModel } from '../ask/fake.ts';
import { planRoutes } from '../plan/plan.ts';
import { type Failed, nextAttempt, trialsIn } from './attempts.ts';

const PART = {
  part: 'part-1',
  kind: 'image',
  name: 'x',
  source: 'file',
  mimeType: 'image/png',
  sizeBytes: 1,
  sha256: '0'.repeat(64),
} as const;
const CHAIN = ['a', 'b', 'c'];

function modelThat(takes: Known): LanguageModel {
  const model = fakeLanguageModel();
  const { capabilities } = model;
  return { ...model, id: 'a', capabilities: { ...capabilities, input: { ...capabilities.input, image: takes } } };
}

function failed(code: ErrorCode, takes: Known | 'no media' = 'no media', more: Partial<Failed> = {}): Failed {
  const model = modelThat(takes === 'no media' ? false : takes);
  const ways = { converter: null, handOver: true, frames: 'no', hasSound: false, beside: null } as const;
  const plan = takes === 'no media' ? [] : planRoutes({ media: [PART], model, ways: { 'part-1': ways } });
  return {
    attempt: { model: 'a', asText: new Set() },
    error: new SensoriumError(code, 'No.'),
    model,
    plan,
    said: false,
    ...more,
  };
}

it.each([
  'ask.unreachable',
  'ask.upstream-failed',
  'ask.rate-limited',
  'ask.key-refused',
  'ask.quota-spent',
  'ask.offline',
] as const)('asks the next model of the chain after %s', (code) => {
  expect(nextAttempt(failed(code), CHAIN)).toEqual({ model: 'b', asText: new Set() });
});

it.each([
  'ask.refused',
  'ask.too-long',
  'ask.unknown-model',
  'ask.no-question',
  'plan.no-route',
  'kit.cancelled',
] as const)('asks nobody else after %s, which is the caller’s', (code) =>
  expect(nextAttempt(failed(code), CHAIN)).toBeNull(),
);

it('asks nobody else once a word has gone out, at the end of the chain, or after what is no error of ours', () => {
  expect(nextAttempt(failed('ask.unreachable', 'no media', { said: true }), CHAIN)).toBeNull();
  expect(
    nextAttempt(failed('ask.unreachable', 'no media', { attempt: { model: 'c', asText: new Set() } }), CHAIN),
  ).toBeNull();
  expect(nextAttempt(failed('ask.unreachable'), ['a'])).toBeNull();
  expect(nextAttempt(failed('ask.unreachable', 'no media', { error: new Error('x') }), CHAIN)).toBeNull();
  expect(nextAttempt(failed('ask.unreachable', 'no media', { model: null }), CHAIN)?.model).toBe('b');
});

it('asks the same model without the media it broke over, once, and then the next', () => {
  const first = failed('ask.upstream-failed', true);
  const second = nextAttempt(first, CHAIN);
  expect(second).toEqual({ model: 'a', asText: new Set(['part-1']) });
  if (!second) return;
  expect(nextAttempt({ ...first, attempt: second }, CHAIN)?.model).toBe('b');
  // One that is not there is not asked again with text.
  expect(nextAttempt(failed('ask.unreachable', true), CHAIN)?.model).toBe('b');
});

it('takes the refusal of what nobody knew it takes for an answer to that question, and one it should take for the caller’s', () => {
  expect(trialsIn(failed('ask.refused', 'unknown').plan, modelThat('unknown'))).toMatchObject([
    { part: 'part-1', kind: 'image' },
  ]);
  expect(nextAttempt(failed('ask.refused', 'unknown'), CHAIN)).toEqual({ model: 'a', asText: new Set(['part-1']) });
  expect(nextAttempt(failed('ask.refused', true), CHAIN)).toBeNull();
});

it('asks again without the frames that were made of a video, when there were too many for the server', () => {
  const model = modelThat(true);
  const ways = { converter: null, handOver: 'no', frames: true, hasSound: false, beside: null } as const;
  const deaf = {
    ...model,
    capabilities: { ...model.capabilities, input: { ...model.capabilities.input, video: false } },
  } as const;
  const plan = planRoutes({ media: [{ ...PART, kind: 'video' }], model: deaf, ways: { 'part-1': ways } });
  expect(nextAttempt({ ...failed('ask.refused'), model: deaf, plan }, CHAIN)?.asText).toEqual(new Set(['part-1']));
});
