import type { PipelineEvent } from '#contract/events.ts';
import type { MediaInput } from '#media/index.ts';
import { closeParts, type HearingWishes, hearPart, lookAt, takeParts } from './listen.ts';
import type { Parts } from './parts.ts';
import { travel } from './trip.ts';

export interface HearRequest extends HearingWishes {
  readonly media: MediaInput;
  /** The id of the request, where it has one already. */
  readonly requestId?: string | undefined;
}

/** Hears one recording: take in, look, hear. The last event is `part-perceived` with the transcript. */
export function hearRecording(request: HearRequest, parts: Parts, signal?: AbortSignal): AsyncIterable<PipelineEvent> {
  return travel(
    async (trip) => {
      const incoming = [{ input: request.media, fromUser: true }];
      const taken = await takeParts(incoming, parts, trip, () =>
        parts.checkRecogniser(request.model ?? parts.recogniserId),
      );
      try {
        const [part] = taken;
        const [finding] = await lookAt(taken, () => true, parts, trip);
        if (!part) return;
        const perception = await hearPart(part, finding, request, parts, trip);
        trip.emit({ kind: 'part-perceived', perception });
      } finally {
        await closeParts(taken);
      }
    },
    { signal, requestId: request.requestId, timeouts: parts.timeouts },
  );
}
