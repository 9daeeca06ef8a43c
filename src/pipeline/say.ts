import { SensoriumError } from '#contract/error.ts';
import type { PipelineEvent } from '#contract/events.ts';
import { speakAlong } from './converse.ts';
import type { Parts } from './parts.ts';
import { travel } from './trip.ts';
import { speakerFor } from './voices.ts';

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
      const speaker = speakerFor(request.voice);
      if (speaker.kind === 'model') throw noModel(request.voice);
      const { voice } = speaker;
      const engine = await parts.speech(voice, trip.signal);
      await speakAlong(once(request.text), { engine, voice, speed: request.speed, required: true }, trip);
    },
    { signal, requestId: request.requestId, timeouts: parts.timeouts },
  );
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

function noModel(voice: string): SensoriumError {
  return new SensoriumError('speak.unknown-voice', 'No language model answers here that could speak itself.', {
    hint: 'Name another voice: `sensorium voices list` shows all.',
    details: { voice },
  });
}
