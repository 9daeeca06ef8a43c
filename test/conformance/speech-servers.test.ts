import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SensoriumError } from '#contract/error.ts';
import type { Loss } from '#contract/loss.ts';
import { type Running, startConformance } from '../../src/conformance/server.ts';
import { cosyVoiceConformance } from '../../src/conformance/voice-servers/cosyvoice.ts';
import { gptSovitsConformance } from '../../src/conformance/voice-servers/gpt-sovits.ts';
import { examineSpeechEngine } from '../../src/speak/conformance.ts';
import { remoteSpeechFor } from '../../src/speak/engines/remote/index.ts';
import { PATIENCE } from './patience.ts';

const SENTENCE = '你好，今天天气很好。';

describe.each([
  { vendor: cosyVoiceConformance, voice: 'cosyvoice:英文女', rateHz: 24_000 },
  { vendor: gptSovitsConformance, voice: 'gpt-sovits:ref/one.wav', rateHz: 32_000 },
])('$vendor.name', ({ vendor, voice, rateHz }) => {
  let server: Running;
  const started = startConformance(vendor);
  beforeAll(async () => {
    server = await started;
  });
  afterEach(() => {
    server.play('happy');
    expect(server.faults.splice(0)).toEqual([]);
  });
  afterAll(() => server.close());

  const open = async (named = voice) =>
    remoteSpeechFor(named, { providers: { [vendor.name]: { baseUrl: (await started).origin, patience: PATIENCE } } });

  async function say(speed = 1, named = voice) {
    const engine = await open(named);
    const losses: Loss[] = [];
    let samples = 0;
    const context = { signal: new AbortController().signal, note: (loss: Loss) => losses.push(loss) };
    try {
      for await (const pcm of engine.speak({ text: SENTENCE, voice: named, speed }, context)) samples += pcm.length;
      return { seconds: samples / engine.sampleRateHz, losses, error: null };
    } catch (error) {
      return { seconds: samples / engine.sampleRateHz, losses, error: error as SensoriumError };
    }
  }

  const SECONDS = (SENTENCE.length * 70) / 1000;

  it('gives a sentence at one rate, however the server made it', async () => {
    expect((await open()).sampleRateHz).toBe(rateHz);
    for (const play of ['happy', 'says-rate', 'version-4'].filter((name) => name === 'happy' || vendor.cases[name])) {
      server.play(play);
      const { seconds, losses, error } = await say();
      expect(error).toBeNull();
      expect(losses).toEqual([]);
      expect(seconds).toBeCloseTo(SECONDS, 2);
    }
  });

  if (vendor === cosyVoiceConformance) {
    it('says that it knows no pace', async () => {
      const { seconds, losses } = await say(2);
      expect(seconds).toBeCloseTo(SECONDS, 2);
      expect(losses.map(({ kind, text }) => [kind, text])).toEqual([['option-ignored', 'speed']]);
    });

    it('takes later models to speak at their own rate', async () => {
      server.play('says-rate');
      expect((await say(1, 'cosyvoice:CosyVoice2-0.5B/中文男')).seconds).toBeCloseTo(SECONDS, 2);
    });

    it('fails where the server breaks off or knows no such speaker', async () => {
      expect((await say(1, 'cosyvoice:nobody')).error?.code).toBe('speak.upstream-failed');
      server.play('broken');
      const { error, seconds } = await say();
      expect(error?.code).toBe('speak.upstream-failed');
      expect(seconds).toBeGreaterThan(0);
    });
  } else {
    it('speaks as fast as it is told, with the recording at the path named', async () => {
      expect((await say(2)).seconds).toBeCloseTo(SECONDS / 2, 2);
      expect(server.seen.at(-1)?.json()).toMatchObject({
        ref_audio_path: 'ref/one.wav',
        speed_factor: 2,
        text_lang: 'auto',
      });
      await say(1, 'gpt-sovits:one.wav');
      expect(server.seen.at(-1)?.json()).toMatchObject({ ref_audio_path: 'one.wav' });
    });

    it('passes on what the server says of a recording that is not there', async () => {
      server.play('no-reference');
      const { error } = await say();
      expect(error?.code).toBe('speak.refused');
      expect(error?.message).toContain('tts failed');
    });
    examineSpeechEngine('GPT-SoVITS at the conformance server', () => open());
  }
});
