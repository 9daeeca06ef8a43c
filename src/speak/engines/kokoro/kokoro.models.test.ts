import { afterAll, describe, expect, it } from 'vitest';
import type { SpeechEngine } from '#contract/ports.ts';
import { modelFolder } from '../../../../test/model-folder.ts';
import { examineSpeechEngine } from '../../conformance.ts';
import { createKokoroEngine } from './engine.ts';

async function kokoro(): Promise<SpeechEngine> {
  const [modelDir = '', lexiconDir = '', g2pDir = ''] = await Promise.all(
    ['kokoro-82m', 'english-lexicon', 'english-g2p'].map(modelFolder),
  );
  return createKokoroEngine({ modelDir, lexiconDir, g2pDir, threads: 2 });
}

examineSpeechEngine('Kokoro', kokoro);

describe('Kokoro', async () => {
  const engine = await kokoro();
  afterAll(() => engine.close());

  const say = async (text: string, voice: string) => {
    const losses: string[] = [];
    const chunks: Float32Array[] = [];
    const context = {
      signal: new AbortController().signal,
      note: (loss: { text: string | null }) => losses.push(loss.text ?? ''),
    };
    for await (const chunk of engine.speak({ text, voice, speed: 1 }, context)) chunks.push(chunk);
    return { chunks, losses };
  };

  it.each(engine.voices.filter((_, i) => i % 7 === 0).map((voice) => voice.id))('speaks as %s', async (voice) => {
    const { chunks } = await say('Turn left after the bridge.', voice);
    const [pcm = new Float32Array()] = chunks;
    const rms = Math.sqrt(pcm.reduce((sum, value) => sum + value * value, 0) / pcm.length);
    console.log(
      `${voice}: ${(pcm.length / engine.sampleRateHz).toFixed(2)} s, RMS ${(20 * Math.log10(rms)).toFixed(1)} dB`,
    );
    expect(pcm.length / engine.sampleRateHz).toBeGreaterThan(0.9);
    expect(pcm.length / engine.sampleRateHz).toBeLessThan(3.5);
    expect(rms).toBeGreaterThan(0.02);
  });

  it('says what it can of a mixed text and names the rest', async () => {
    const mixed = await say('She said 你好 to everybody.', 'af_heart');
    expect(mixed.chunks).toHaveLength(1);
    expect(mixed.losses.join('')).toBe('你好');
    const foreign = await say('你好，世界。', 'af_heart');
    expect(foreign.chunks).toHaveLength(0);
    expect(foreign.losses.join('')).toContain('你好');
  });

  it('speaks more than the model takes at once in several parts', async () => {
    const { chunks, losses } = await say('and so on and so forth, '.repeat(24), 'af_heart');
    expect(chunks.length).toBeGreaterThan(1);
    expect(losses).toEqual([]);
  });
});
