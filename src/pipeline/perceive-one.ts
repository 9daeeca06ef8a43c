import { SensoriumError } from '#contract/error.ts';
import type { PipelineEvent } from '#contract/events.ts';
import type { MediaInput } from '#media/index.ts';
import { lookAt } from './look.ts';
import type { Parts } from './parts.ts';
import { type PerceivingWishes, perceivePart } from './perceive-part.ts';
import { closeParts, takeParts } from './take.ts';
import { travel } from './trip.ts';

export interface PerceiveRequest extends Omit<PerceivingWishes, 'soundOnly' | 'asDocument'> {
  readonly media: MediaInput;
  /** What is to be done with it; of a video `hear` takes the sound only. `whatever` does what fits its kind. */
  readonly sense?: 'hear' | 'see' | 'read' | 'watch' | 'whatever' | undefined;
  /** The id of the request, where it has one already. */
  readonly requestId?: string | undefined;
}

/** A recording to hear. */
export type HearRequest = Omit<PerceiveRequest, 'sense'>;

/** Turns one medium into text: take in, look, perceive. The last event is `part-perceived`. */
export function perceiveOne(
  request: PerceiveRequest,
  parts: Parts,
  signal?: AbortSignal,
): AsyncIterable<PipelineEvent> {
  const { media, sense = 'whatever', requestId, ...wishes } = request;
  return travel(
    async (trip) => {
      const taken = await takeParts([{ input: media, fromUser: true }], parts, trip, () =>
        parts.checkRecogniser(request.model ?? parts.senses.hear.model),
      );
      try {
        const [part] = taken;
        if (!part) return;
        refuseOtherSense(sense, part.media.kind, part.media.name);
        const [finding] = await lookAt(taken, () => true, parts, trip);
        const asked = { ...wishes, soundOnly: sense === 'hear', asDocument: sense === 'read' };
        const { perception } = await perceivePart(part, finding, asked, parts, trip);
        trip.emit({ kind: 'part-perceived', perception });
      } finally {
        await closeParts(taken);
      }
    },
    { signal, requestId, timeouts: parts.timeouts },
  );
}

const KINDS: Readonly<Record<'see' | 'read' | 'watch', readonly string[]>> = {
  see: ['image'],
  read: ['document', 'text', 'image'],
  watch: ['video'],
};
const FITTING: Readonly<Record<string, string>> = {
  audio: 'hear',
  video: 'watch',
  image: 'see',
  document: 'read',
  text: 'read',
};

function refuseOtherSense(sense: keyof typeof KINDS | 'hear' | 'whatever', kind: string, name: string): void {
  if (sense === 'whatever' || sense === 'hear' || KINDS[sense].includes(kind)) return;
  throw new SensoriumError('media.unsupported', `${name} is ${kind}: nothing to ${sense}.`, {
    hint: `Try: sensorium ${FITTING[kind] ?? 'ask'} FILE.`,
    details: { kind },
  });
}
