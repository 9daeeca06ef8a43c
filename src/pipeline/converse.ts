import type { Answer, Speech } from '#contract/answer.ts';
import type { AskRequest } from '#contract/chat.ts';
import { SensoriumError } from '#contract/error.ts';
import { lossOf } from '#contract/loss.ts';
import type { LanguageModel, SpeechEngine } from '#contract/ports.ts';
import { channel } from '#kit/channel.ts';
import { speak } from '#speak/index.ts';
import type { Trip } from './trip.ts';

/** How the answer is to sound. */
export interface Voicing {
  readonly engine: SpeechEngine;
  readonly voice: string;
  readonly speed: number;
  /** Speech is what was asked for, so that having none is an error and not a loss. */
  readonly required?: boolean;
}

/** Steps 5 and 6, side by side: the model writes while what it has written is spoken, sentence by sentence. */
export async function converse(
  request: AskRequest,
  model: LanguageModel,
  voicing: Voicing | null,
  trip: Trip,
): Promise<{ answer: Answer; speech: Speech | null }> {
  if (!voicing) {
    const { answer, sound } = await trip.stage('ask', () => write(request, model, trip));
    return { answer, speech: sound && { ...sound, voice: request.speak?.voice ?? 'model', spokenText: answer.text } };
  }
  const written = channel<string>();
  const speaking = speakAlong(written, voicing, trip);
  // Awaited below; a failure before that must not count as unhandled.
  speaking.catch(() => {});
  try {
    const { answer } = await trip.stage('ask', () => write(request, model, trip, written.push));
    written.end();
    return { answer, speech: await speaking };
  } catch (error) {
    written.fail(error);
    await speaking.catch(() => {});
    throw error;
  }
}

type OwnSound = Omit<Speech, 'voice' | 'spokenText'>;

async function write(
  request: AskRequest,
  model: LanguageModel,
  trip: Trip,
  onText?: (text: string) => void,
): Promise<{ answer: Answer; sound: OwnSound | null }> {
  let answer: Answer | null = null;
  let sound: OwnSound | null = null;
  for await (const event of model.ask(request, trip.context)) {
    if (event.kind === 'answer-end') answer = event.answer;
    else if (event.kind === 'sound-delta') {
      const { pcm, sampleRateHz } = event;
      trip.timings.firstAudioMs ??= trip.elapsedMs();
      const durationMs: number = (sound?.durationMs ?? 0) + (pcm.length * 1000) / sampleRateHz;
      sound = { path: null, engine: model.id, sampleRateHz, durationMs };
      trip.emit({ kind: 'speech-chunk', pcm, sampleRateHz });
      await trip.room();
    } else {
      trip.timings.firstTokenMs ??= trip.elapsedMs();
      trip.emit(event);
      if (event.kind === 'text-delta') onText?.(event.text);
    }
  }
  if (!answer) throw new SensoriumError('us.bug', `${model.id} ended without an answer.`);
  trip.emit({ kind: 'text-end', text: answer.text });
  if (answer.finishReason === 'length') {
    trip.context.note(
      lossOf({
        kind: 'text-truncated',
        stage: 'ask',
        engine: model.id,
        extent: answer.usage?.outputTokens ?? null,
        unit: answer.usage ? 'tokens' : null,
        message: 'The answer was cut off at its longest allowed length.',
        action: 'Raise ask.maxTokens for longer answers.',
      }),
    );
  }
  if (sound) trip.emit({ kind: 'speech-end', durationMs: sound.durationMs });
  if (request.speak && !sound) {
    const message = `${model.id} answered without a voice.`;
    trip.context.note(lossOf({ kind: 'speech-failed', stage: 'ask', engine: model.id, message }));
  }
  return { answer, sound };
}

/** Speaks a stream of text and passes its sound on as events, no faster than they are read. */
export function speakAlong(text: AsyncIterable<string>, voicing: Voicing, trip: Trip): Promise<Speech | null> {
  return trip.stage('speak', () => speakAll(text, voicing, trip));
}

async function speakAll(text: AsyncIterable<string>, voicing: Voicing, trip: Trip): Promise<Speech | null> {
  let speech: Speech | null = null;
  for await (const event of speak(text, voicing, trip.context)) {
    if (event.kind === 'speech-chunk') trip.timings.firstAudioMs ??= trip.elapsedMs();
    trip.emit(event);
    await trip.room();
    if (event.kind === 'speech-end' && event.durationMs > 0) {
      speech = {
        path: null,
        voice: voicing.voice,
        engine: voicing.engine.id,
        sampleRateHz: voicing.engine.sampleRateHz,
        durationMs: event.durationMs,
        spokenText: event.spokenText,
      };
    }
  }
  return speech;
}
