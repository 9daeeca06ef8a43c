import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { languageModelFor } from '#ask/index.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { type Running, startConformance } from '../../src/conformance/server.ts';
import { vllmOmniConformance } from '../../src/conformance/vllm-omni/chat.ts';
import { type Asked, asked, examineHttp, HELLO } from './http-exam.ts';
import { PATIENCE } from './patience.ts';

const SECRET = 'opaque/vllm-omni.0123456789';
const open = (origin: string) =>
  languageModelFor('vllm-omni:Qwen/Qwen3-Omni-30B-A3B-Instruct', {
    providers: { 'vllm-omni': { baseUrl: `${origin}/v1`, apiKey: SECRET, patience: PATIENCE } },
  });

examineHttp(vllmOmniConformance, open, { secret: SECRET });

const SPEAK = { ...HELLO, speak: { voice: 'Chelsie' } };

describe('vllm-omni', () => {
  let server: Running;
  let model: LanguageModel;
  beforeAll(async () => {
    server = await startConformance(vllmOmniConformance);
    model = await open(server.origin);
  });
  afterEach(() => {
    server.play('happy');
    expect(server.faults.splice(0)).toEqual([]);
  });
  afterAll(() => server.close());

  it('is known to speak', () => {
    expect(model.capabilities.output).toEqual({ text: true, audio: true });
  });

  it('asks for words alone unless it is to speak, and names the voice where the server looks for it', async () => {
    const plain = await asked(model, HELLO);
    expect(plain.events.some(({ kind }) => kind === 'sound-delta')).toBe(false);
    expect(server.seen.at(-1)?.json()).toMatchObject({ modalities: ['text'] });
    await asked(model, SPEAK);
    expect(server.seen.at(-1)?.json()).toMatchObject({ modalities: ['text', 'audio'], voice: 'Chelsie' });
    await asked(model, { ...HELLO, speak: { voice: null } });
    expect(server.seen.at(-1)?.json()).not.toHaveProperty('voice');
    expect(server.seen.at(-1)?.json()).not.toHaveProperty('audio');
  });

  it('O1: of two choices the first is the words and the second the sound', async () => {
    const got = await asked(model, { ...SPEAK, stream: false });
    expect(got.text).toBe('画面里有一只猫，on a mat 🐈。');
    expectTone(got);
  });

  it.each(['happy', 'byte-by-byte', 'slow-trickle'])(
    'O2: base64 in the content never reaches the words, and the pieces join without a click (%s)',
    async (name) => {
      server.play(name, 1);
      const got = await asked(model, SPEAK);
      expect(got.text).toBe('画面里有一只猫，on a mat 🐈。');
      expect(got.answer).toMatchObject({ text: got.text, finishReason: 'stop', usage: { outputTokens: 9 } });
      expectTone(got);
    },
  );

  it('the words’ reason to stop outlives that of the voice', async () => {
    server.play('cut-short-and-spoken', 1);
    expect((await asked(model, SPEAK)).answer?.finishReason).toBe('length');
  });

  it.each(['sound-cut-off', 'sound-ends-early'])(
    'a stream that ends within its sound is not whole (%s)',
    async (name) => {
      server.play(name, 1);
      const got = await asked(model, SPEAK);
      expect(got.error?.code).toBe('ask.upstream-failed');
      expect(got.text).not.toBe('');
      expect(got.answer).toBeNull();
    },
  );
});

/** A tenth of a second of 440 Hz at 24 kHz, each sample as it was made. */
function expectTone({ events }: Asked): void {
  const pieces = events.flatMap((event) => (event.kind === 'sound-delta' ? [event] : []));
  const heard = pieces.flatMap(({ pcm }) => [...pcm]);
  expect(heard).toHaveLength(2_400);
  for (const { sampleRateHz } of pieces) expect(sampleRateHz).toBe(24_000);
  const worst = heard.reduce((most, sample, at) => {
    const made = Math.trunc(8_000 * Math.sin((2 * Math.PI * 440 * at) / 24_000)) / 32_768;
    return Math.max(most, Math.abs(sample - made));
  }, 0);
  expect(worst).toBeLessThan(1 / 32_768);
}
