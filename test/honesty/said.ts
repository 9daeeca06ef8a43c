import type { LanguageModel, Recogniser } from '#contract/ports.ts';
import { takeMedia } from '#media/index.ts';
import { pcm16, wavFile } from '../../src/media/__fixtures__/wav.ts';

export const context = { signal: new AbortController().signal, note: () => {} };

/** Sounds that differ in everything a figure could be about. */
export async function* sounds() {
  for (const [amplitude, voicedMs] of [
    [0.9, 300],
    [0.5, 500],
    [0.3, 700],
    [0.1, 900],
    [0.05, 1_100],
  ] as const) {
    const samples = Float32Array.from({ length: 24_000 }, (_, at) =>
      at < voicedMs * 16 ? amplitude * Math.sin(at / 5) : 0.01 * amplitude * Math.sin(at),
    );
    yield await takeMedia({ kind: 'bytes', bytes: wavFile(pcm16(samples)) }, { part: 'part-1', ...context });
  }
}

/** What a recogniser hears in them. */
export async function heardBy(recogniser: Recogniser): Promise<unknown[]> {
  const heard: unknown[] = [];
  for await (const { sound, close } of sounds()) {
    if (!sound) continue;
    const recording = { part: 'part-1', sound, speech: [{ startMs: 0, endMs: 1_400 - 100 * heard.length }] };
    for await (const segment of recogniser.hear(recording, context)) heard.push(segment);
    await close();
  }
  return heard;
}

/** What a model says to four questions. */
export async function saidBy(model: LanguageModel): Promise<unknown[]> {
  const said: unknown[] = [];
  for (const content of ['One.', 'And what is two?', '三？', 'Say more, please.']) {
    for await (const event of model.ask({ messages: [{ role: 'user', content }], logprobs: { top: 1 } }, context)) {
      said.push(event);
    }
  }
  return said;
}
