import type { ChatMessage } from '#contract/chat.ts';
import type { LanguageModel, Recogniser, SpeechEngine } from '#contract/ports.ts';
import { nowMs } from '#kit/clock.ts';
import { takeMedia } from '#media/index.ts';
import { hear } from '#perceive/index.ts';
import { probe, type VoiceDetector } from '#probe/index.ts';
import type { Recording } from './case.ts';

// One run of each step of ours, in seconds, with the same clock readings as cascade.py takes for the peer.

/** A file to its words. `hearingSeconds` leaves out taking it in and finding the voice. */
export async function hearOnce(
  recogniser: Recogniser,
  detector: VoiceDetector,
  recording: Recording,
  signal: AbortSignal,
) {
  const call = { signal, note: () => {} };
  const startedMs = nowMs();
  const part = await takeMedia({ kind: 'path', path: recording.file }, { part: 'part-1', ...call });
  try {
    const finding = await probe(part, { detector, ...call });
    const { sound } = part;
    if (!sound || finding.kind !== 'sound') throw new Error(`${recording.file} holds no sound.`);
    const foundMs = nowMs();
    const transcript = await hear({ part: 'part-1', sound, finding, language: recording.language }, recogniser, call);
    const endedMs = nowMs();
    if (transcript.text === '') throw new Error(`${recogniser.id} heard no words in ${recording.file}.`);
    return {
      seconds: (endedMs - startedMs) / 1000,
      hearingSeconds: (endedMs - foundMs) / 1000,
      audioSeconds: transcript.durationMs / 1000,
      text: transcript.text,
    };
  } finally {
    await part.close();
  }
}

/** An answer at temperature 0. */
export async function askOnce(
  model: LanguageModel,
  messages: readonly ChatMessage[],
  maxTokens: number,
  signal: AbortSignal,
) {
  const startedMs = nowMs();
  let firstMs: number | undefined;
  let tokens: number | undefined;
  for await (const event of model.ask({ messages, temperature: 0, maxTokens }, { signal, note: () => {} })) {
    if (event.kind === 'text-delta') firstMs ??= nowMs();
    else if (event.kind === 'answer-end') tokens = event.answer.usage?.outputTokens;
  }
  if (firstMs === undefined || tokens === undefined)
    throw new Error(`${model.id} gave no answer that can be measured.`);
  return { seconds: (nowMs() - startedMs) / 1000, firstTokenSeconds: (firstMs - startedMs) / 1000, tokens };
}

/** Sentences to sound. */
export async function speakOnce(engine: SpeechEngine, sentences: readonly string[], signal: AbortSignal) {
  const startedMs = nowMs();
  let samples = 0;
  for (const text of sentences) {
    const chunks = engine.speak({ text, voice: 'heart', speed: 1 }, { signal, note: () => {} });
    for await (const chunk of chunks) samples += chunk.length;
  }
  if (samples === 0) throw new Error(`${engine.id} gave no sound.`);
  return { seconds: (nowMs() - startedMs) / 1000, audioSeconds: samples / engine.sampleRateHz };
}
