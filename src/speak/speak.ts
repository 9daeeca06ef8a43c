import { isSensoriumError, SensoriumError } from '#contract/error.ts';
import { type Loss, lossOf } from '#contract/loss.ts';
import type { CallContext, SpeechEngine } from '#contract/ports.ts';
import { channel } from '#kit/channel.ts';
import { oneAhead } from './ahead.ts';
import { pauseAfterMs } from './pauses.ts';
import { readSentences, type Sentence } from './sentences.ts';
import { notSpoken } from './text/index.ts';
import { resolveVoice } from './voices.ts';

export interface SpeakOptions {
  readonly engine: SpeechEngine;
  /** Id or short name of one of the engine's voices. */
  readonly voice: string;
  /** Pace; 1 is the voice's own. */
  readonly speed: number;
  /** BCP 47 tag of the language numbers and signs are read in; the voice's own where nothing is said. */
  readonly language?: string | undefined;
  /** Speech is what was asked for: having nothing to say, or an engine that fails, is then an error and no loss. */
  readonly required?: boolean | undefined;
}

/** What happens while a text is spoken. Chunks are mono float32; `spoken` is the sentence as read aloud. */
export type SpeakEvent =
  | { readonly kind: 'sentence-start'; readonly text: string; readonly spoken: string }
  | { readonly kind: 'speech-chunk'; readonly pcm: Float32Array; readonly sampleRateHz: number }
  | { readonly kind: 'speech-end'; readonly durationMs: number; readonly spokenText: string };

/**
 * Speaks a text while it is still being written: a sentence is synthesised as soon as it is certain, one sentence ahead
 * of the reader. The last event is `speech-end`. Throws `speak.unknown-voice`, what the text's writer throws and, where
 * speech is `required`, `speak.nothing-to-say` and the engine's errors; otherwise those are losses and the text survives.
 */
export async function* speak(
  text: AsyncIterable<string>,
  options: SpeakOptions,
  context: CallContext,
): AsyncGenerator<SpeakEvent> {
  const voice = resolveVoice(options.engine.voices, options.voice);
  const left = new AbortController();
  const signal = AbortSignal.any([context.signal, left.signal]);
  const settled = { ...options, voice: voice.id, language: options.language ?? voice.language };
  const events = speakSentences(text, settled, { signal, note: context.note });
  yield* oneAhead(
    events,
    (event) => event.kind === 'sentence-start',
    () => left.abort(),
  );
}

async function* speakSentences(
  text: AsyncIterable<string>,
  options: SpeakOptions & { readonly language: string },
  { signal, note }: CallContext,
): AsyncGenerator<SpeakEvent> {
  const { engine, voice, speed, required } = options;
  const sampleRateHz = engine.sampleRateHz;
  const sentences = channel<Sentence>();
  const reading = readSentences(text, options.language, sentences, signal);
  reading.then(sentences.end, sentences.fail);

  const gathered = gatherNotes(note);
  const said: string[] = [];
  let samples = 0;
  let pauseMs = 0;
  let failed = false;
  for await (const sentence of sentences) {
    const { text, spoken, goesOn } = sentence;
    yield { kind: 'sentence-start', text, spoken };
    let silent = true;
    try {
      // Without a comma a voice would let the sentence fall where it was only cut.
      const words = goesOn ? `${spoken},` : spoken;
      // An answer in words is not left without its sound because others came meanwhile.
      const begun = !required || samples > 0;
      for await (const pcm of engine.speak({ text: words, voice, speed, begun }, { signal, note: gathered.note })) {
        if (silent && pauseMs > 0) {
          const pause = new Float32Array(Math.round((pauseMs / 1000) * sampleRateHz));
          samples += pause.length;
          yield { kind: 'speech-chunk', pcm: pause, sampleRateHz };
        }
        silent = false;
        samples += pcm.length;
        yield { kind: 'speech-chunk', pcm, sampleRateHz };
      }
    } catch (error) {
      if (required || signal.aborted || (isSensoriumError(error) && error.blame === 'caller')) throw error;
      note(speechFailed(engine.id, sentence, error));
      failed = true;
      break;
    }
    if (silent) continue;
    said.push(spoken);
    pauseMs = goesOn ? 0 : pauseAfterMs(text, speed);
  }

  gathered.flush();
  if (!failed) for (const loss of notSpoken(await reading)) note(loss);
  if (samples === 0 && !failed) refuseSilence(required ?? false, note);
  yield { kind: 'speech-end', durationMs: Math.round((samples / sampleRateHz) * 1000), spokenText: said.join(' ') };
}

function refuseSilence(required: boolean, note: (loss: Loss) => void): void {
  if (required) {
    throw new SensoriumError('speak.nothing-to-say', 'The text holds nothing this voice can say.', {
      hint: 'Code, tables and addresses are not read aloud, and each voice speaks only its own language.',
    });
  }
  note(lossOf({ kind: 'not-spoken', stage: 'speak', message: 'The answer held nothing this voice can say.' }));
}

function speechFailed(engine: string, sentence: Sentence, error: unknown): Loss {
  // Words of other software may hold paths and what it was given.
  const why = isSensoriumError(error) ? error.message : 'something went wrong inside it.';
  return lossOf({
    kind: 'speech-failed',
    stage: 'speak',
    engine,
    text: sentence.text,
    message: `The voice failed, so the rest of the answer was not spoken: ${why}`,
    action: 'The whole text is in the answer.',
  });
}

/** Keeps what could not be pronounced until the end and then notes it once, however many sentences it was spread over. */
function gatherNotes(note: (loss: Loss) => void): { note(loss: Loss): void; flush(): void } {
  const kept = new Map<string, Loss>();
  return {
    note(loss) {
      if (loss.kind !== 'not-pronounced') return note(loss);
      const before = kept.get(loss.message);
      kept.set(loss.message, {
        ...loss,
        text: before ? `${before.text ?? ''} ${loss.text ?? ''}`.trim() : loss.text,
        extent: before ? (before.extent ?? 0) + (loss.extent ?? 0) : loss.extent,
      });
    },
    flush() {
      for (const loss of kept.values()) note(loss);
    },
  };
}
