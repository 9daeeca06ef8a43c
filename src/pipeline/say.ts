import type { PipelineEvent } from '#contract/events.ts';
import { listVoices, resolveVoice } from '#speak/index.ts';
import { speakAlong } from './converse.ts';
import type { Parts } from './parts.ts';
import { travel } from './trip.ts';

export interface SayRequest {
  readonly text: string;
  readonly voice: string;
  readonly speed: number;
  /** The id of the request, where it has one already. */
  readonly requestId?: string | undefined;
}

/** Speaks a text. The last event is `speech-end`. */
export function say(request: SayRequest, parts: Parts, signal?: AbortSignal): AsyncIterable<PipelineEvent> {
  return travel(
    async (trip) => {
      const voice = resolveVoice(listVoices(), request.voice).id;
      const engine = await parts.speech(trip.signal);
      await speakAlong(once(request.text), { engine, voice, speed: request.speed, required: true }, trip);
    },
    { signal, requestId: request.requestId, timeouts: parts.timeouts },
  );
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}
