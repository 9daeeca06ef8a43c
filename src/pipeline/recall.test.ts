import { describe, expect, it } from 'vitest';
import type { PipelineEvent } from '#contract/events.ts';
import { lossOf } from '#contract/loss.ts';
import type { Recogniser } from '#contract/ports.ts';
import { fakeRecogniser } from '#perceive/hear/fake.ts';
import { sine, wavFile } from '../media/__fixtures__/wav.ts';
import { eventsOf, partsWith } from './__fixtures__/parts.ts';
import type { Parts } from './parts.ts';
import { perceiveOne } from './perceive-one.ts';
import { openMemory } from './remember.ts';

/** A recogniser that counts how often it was asked, and loses something each time. */
function counted(words: readonly string[]) {
  const told = fakeRecogniser(words);
  const counter = { calls: 0 };
  const recogniser: Recogniser = {
    ...told,
    async *hear(recording, context) {
      counter.calls += 1;
      const { part } = recording;
      context.note(lossOf({ kind: 'noisy', stage: 'perceive', part, message: 'Noise.' }));
      yield* told.hear(recording, context);
    },
  };
  return { recogniser, counter };
}

function recording(hertz = 440) {
  const samples = new Float32Array(16_000);
  samples.set(sine(hertz, 16_000, 0.6, 0.5), 3_200);
  const bytes = new Uint8Array(Int16Array.from(samples, (sample) => sample * 32_767).buffer);
  return { kind: 'bytes', bytes: wavFile(bytes), name: 'a.wav' } as const;
}

const said = (events: readonly PipelineEvent[]) =>
  events.flatMap((event) => (event.kind === 'segment-heard' ? [event.delta] : [])).join('');
const losses = (events: readonly PipelineEvent[]) =>
  events.flatMap((event) => (event.kind === 'loss-noted' ? [event.loss.message] : []));
const perceived = (events: readonly PipelineEvent[]) =>
  events.flatMap((event) => (event.kind === 'part-perceived' ? [event.perception] : []));

describe('what was perceived before', () => {
  it('is not perceived again, and tells the same, losses and all', async () => {
    const { recogniser, counter } = counted(['hello']);
    const parts = partsWith(recogniser);
    const first = await eventsOf(perceiveOne({ media: recording(), sense: 'hear' }, parts));
    const again = await eventsOf(perceiveOne({ media: recording(), sense: 'hear' }, parts));
    expect(counter.calls).toBe(1);
    expect(perceived(again)).toEqual(perceived(first));
    expect(perceived(again)).toMatchObject([{ kind: 'transcript', text: 'hello' }]);
    expect(losses(again)).toEqual(losses(first));
    expect(losses(again)).toContain('Noise.');
    expect([said(again), said(first)]).toEqual(['hello', 'hello']);
  });

  it('is perceived anew when anything it depends on is another', async () => {
    const { recogniser, counter } = counted(['hello']);
    const parts = partsWith(recogniser);
    const versions = { version: '1' };
    const versioned: Parts = { ...parts, fingerprint: (id) => `${id} ${versions.version}` };
    const request = { media: recording(), sense: 'hear' } as const;
    await eventsOf(perceiveOne(request, versioned));
    for (const other of [
      { ...request, media: recording(441) },
      { ...request, language: 'zh' },
      { ...request, prompt: 'Anna' },
    ]) {
      await eventsOf(perceiveOne(other, versioned));
    }
    expect(counter.calls).toBe(4);
    versions.version = '2';
    await eventsOf(perceiveOne(request, versioned));
    expect(counter.calls).toBe(5);
  });

  it('is not kept where nothing is to be remembered, nor when it failed', async () => {
    const { recogniser, counter } = counted(['hello']);
    const parts = partsWith(recogniser, { memory: openMemory('nothing', '', 0) });
    await eventsOf(perceiveOne({ media: recording(), sense: 'hear' }, parts));
    await eventsOf(perceiveOne({ media: recording(), sense: 'hear' }, parts));
    expect(counter.calls).toBe(2);
  });
});

it('refuses a sense that does not fit, and says which one does', async () => {
  const parts = partsWith(fakeRecogniser());
  await expect(eventsOf(perceiveOne({ media: recording(), sense: 'see' }, parts))).rejects.toMatchObject({
    code: 'media.unsupported',
    hint: 'Try: sensorium hear FILE.',
  });
});

it('takes a text as it is', async () => {
  const media = { kind: 'bytes', bytes: new TextEncoder().encode('你好，世界'), name: 'a.txt' } as const;
  const events = await eventsOf(perceiveOne({ media, sense: 'whatever' }, partsWith(fakeRecogniser())));
  expect(perceived(events)).toMatchObject([{ kind: 'plain-text', text: '你好，世界' }]);
});
