import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { TimeSpan } from '#contract/finding.ts';
import type { Loss } from '#contract/loss.ts';
import type { Segment } from '#contract/perception.ts';
import type { Recogniser } from '#contract/ports.ts';
import { soundOf } from '../../__fixtures__/sound.ts';
import { recogniserExam } from '../../conformance.ts';
import { hiss } from './__fixtures__/hiss.ts';
import { writeParaformer, writeSenseVoice, writeZipformer } from './__fixtures__/tiny-models.ts';
import { sherpaRecogniser } from './index.ts';

// The addon is the real one; the models are the smallest it opens, and write what their tables say wherever it hisses.
const home = mkdtempSync(join(tmpdir(), 'sensorium-sherpa-'));
afterAll(() => rmSync(home, { recursive: true }));
const at = (name: string) => join(home, name);
writeSenseVoice(at('sense'));
writeParaformer(at('para'));
writeParaformer(at('para-untimed'), { times: false });
writeZipformer(at('sherpa-onnx-streaming-zipformer-bilingual-zh-en-2023-02-20'));
const ZIPFORMER = at('sherpa-onnx-streaming-zipformer-bilingual-zh-en-2023-02-20');

const SPEECH = [
  { startMs: 500, endMs: 3_000 },
  { startMs: 3_400, endMs: 5_000 },
];
const DURATION_MS = 8_500;
const LATER = [...SPEECH, { startMs: 7_000, endMs: 8_000 }];
const clip = async () => ({ sound: soundOf(hiss(DURATION_MS, LATER)), speech: LATER, durationMs: DURATION_MS });

async function heard(
  engine: Recogniser,
  { speech = SPEECH, samples = hiss(DURATION_MS, speech), language }: Partial<Heard> = {},
): Promise<{ segments: Segment[]; losses: Loss[] }> {
  const [segments, losses]: [Segment[], Loss[]] = [[], []];
  const context = { signal: new AbortController().signal, note: (loss: Loss) => losses.push(loss) };
  const recording = { part: 'part-1', sound: soundOf(samples), speech, language };
  for await (const segment of engine.hear(recording, context)) segments.push(segment);
  return { segments, losses };
}

interface Heard {
  readonly speech: readonly TimeSpan[];
  readonly samples: Float32Array;
  readonly language: string;
}

recogniserExam('SenseVoice in sherpa-onnx', () => sherpaRecogniser('sensevoice', at('sense')), clip);
recogniserExam('Paraformer in sherpa-onnx', () => sherpaRecogniser('paraformer', at('para')), clip);
recogniserExam('Zipformer in sherpa-onnx', () => sherpaRecogniser('zipformer', ZIPFORMER), clip);

describe('SenseVoice', () => {
  it('tells words with the times of the model, language, feeling and sounds, each without a probability', async () => {
    const engine = await sherpaRecogniser('sensevoice', at('sense'));
    const { segments } = await heard(engine, { speech: [{ startMs: 500, endMs: 1_600 }] });
    const source = 'sensevoice:sense';
    expect(engine).toMatchObject({ id: source, capabilities: { languages: ['zh', 'en', 'yue', 'ja', 'ko'] } });
    expect(segments).toMatchObject([
      {
        text: 'worlds。你好',
        language: 'zh',
        languageProbability: null,
        emotion: { label: 'happy', probability: null, source },
        meanLogprob: null,
      },
    ]);
    // Speech is what everything heard is, and no event.
    expect(segments[0]?.events).toBeUndefined();
    // The piece begins at 200 ms, so its seventh frame of 60 ms, where the table says " world", at 620.
    expect(segments[0]?.words).toMatchObject([
      { text: 'worlds。', startMs: 620, timeSource: 'model', confidence: null, confidenceSource: null },
      { text: '你', timeSource: 'model' },
      { text: '好', endMs: 1_600 },
    ]);

    const { segments: english } = await heard(engine, { language: 'en', speech: [{ startMs: 500, endMs: 1_600 }] });
    expect(english).toMatchObject([{ language: 'en', events: [{ label: 'laughter', probability: null, source }] }]);
    // The model did not know the feeling.
    expect(english[0]?.emotion).toBeUndefined();
    await engine.close();
  });

  it('says where speech without a pause had to be cut', async () => {
    const engine = await sherpaRecogniser('sensevoice', at('sense'));
    const { losses, segments } = await heard(engine, {
      speech: [{ startMs: 0, endMs: 26_000 }],
      samples: hiss(26_000, [{ startMs: 0, endMs: 26_000 }]),
    });
    expect(segments.length).toBe(2);
    expect(losses).toMatchObject([{ kind: 'cut-in-speech', part: 'part-1', engine: 'sensevoice:sense' }]);
    await engine.close();
  });
});

describe('Paraformer', () => {
  it('joins the parts of words and tells times where the model does', async () => {
    const engine = await sherpaRecogniser('paraformer', at('para'));
    const { segments } = await heard(engine, { speech: [{ startMs: 300, endMs: 2_000 }] });
    expect(segments[0]?.text).toBe('我爱model吗我爱');
    expect(segments[0]?.words.slice(0, 4)).toMatchObject([
      { text: '我', startMs: 300, endMs: 300, timeSource: 'model', confidence: null },
      { text: '爱', startMs: 300, endMs: 600 },
      { text: 'model', startMs: 600, endMs: 1_200 },
      { text: '吗', startMs: 1_200, endMs: 1_500 },
    ]);
    await engine.close();
    const untimed = await sherpaRecogniser('paraformer', at('para-untimed'));
    const { segments: spread } = await heard(untimed);
    expect(new Set(spread.flatMap(({ words }) => words.map((word) => word.timeSource)))).toEqual(
      new Set(['interpolated']),
    );
    await untimed.close();
  });
});

describe('Zipformer', () => {
  it('tells each segment when the silence after it is long enough, with probabilities', async () => {
    const engine = await sherpaRecogniser('zipformer', ZIPFORMER);
    expect(engine.capabilities.languages).toEqual(['zh', 'en']);
    const { segments } = await heard(engine, { speech: LATER });
    expect(segments.length).toBe(2);
    expect(segments[0]?.text).toContain('good morning早上');
    expect(segments[0]?.words[0]).toMatchObject({
      timeSource: 'model',
      confidenceSource: `token-logprob:${engine.id}`,
    });
    expect(segments[1]?.startMs).toBeGreaterThanOrEqual(7_000);
    await engine.close();
  });

  it('tells the first segment before the sound of the next is asked for', async () => {
    const engine = await sherpaRecogniser('zipformer', ZIPFORMER);
    const speech = [SPEECH[0], { startMs: 20_000, endMs: 21_000 }].filter((span) => span !== undefined);
    let askedMs = 0;
    const samples = hiss(22_000, speech);
    const sound = {
      sampleRateHz: 16_000 as const,
      async *pcm() {
        for (let at = 0; at < samples.length; at += 1_600) {
          askedMs = at / 16;
          yield samples.slice(at, at + 1_600);
        }
      },
    };
    const context = { signal: new AbortController().signal, note: () => {} };
    const first = await engine.hear({ part: 'part-1', sound, speech }, context)[Symbol.asyncIterator]().next();
    expect(first.value.endMs).toBeLessThanOrEqual(3_000);
    expect(askedMs).toBeLessThan(5_000);
    await engine.close();
  });

  it('fails, and waits for nothing, where files that look right do not fit each other', async () => {
    const mixed = at('mixed');
    writeZipformer(mixed);
    cpSync(join(mixed, 'decoder-epoch-99-avg-1.onnx'), join(mixed, 'joiner-epoch-99-avg-1.int8.onnx'));
    const engine = await sherpaRecogniser('zipformer', mixed);
    // A folder whose name tells no language.
    expect(engine.capabilities.languages).toBe('any');
    await expect(heard(engine)).rejects.toMatchObject({ code: 'hear.model-unusable' });
    await engine.close();
  });
});
