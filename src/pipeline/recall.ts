import type { Loss } from '#contract/loss.ts';
import type { MediaPart } from '#contract/media.ts';
import type { Perception, Transcript } from '#contract/perception.ts';
import type { Parts } from './parts.ts';
import type { PerceivingWishes } from './perceive-part.ts';
import { memoryKey } from './remember.ts';
import { senseFor } from './senses.ts';
import type { Trip } from './trip.ts';

/**
 * Gives what a part was turned into before, with its losses noted again, or turns it into text and keeps that. The key is
 * the part's own bytes, everything that takes part with its version, and all that was wished for.
 */
export async function recalled(
  part: MediaPart,
  wishes: PerceivingWishes,
  parts: Parts,
  trip: Trip,
  anew: (trip: Trip) => Promise<Perception>,
): Promise<{ perception: Perception; remembered: boolean }> {
  const { media } = part;
  const senses = parts.senses;
  const engines = senseFor(part, senses)?.engines ?? [];
  const key = memoryKey({
    sha256: media.sha256,
    kind: media.kind,
    engines: [...engines, ...(wishes.model === undefined ? [] : [wishes.model])].map(parts.fingerprint),
    senses,
    wishes,
  });
  const kept = await parts.memory.get(key);
  if (kept) {
    const perception = renamed(kept.perception, media.part);
    for (const loss of kept.losses) trip.context.note({ ...loss, part: loss.part === null ? null : media.part });
    if (perception.kind === 'transcript') tellAgain(perception, trip);
    return { perception, remembered: true };
  }
  const losses: Loss[] = [];
  const context = {
    ...trip.context,
    note(loss: Loss) {
      losses.push(loss);
      trip.context.note(loss);
    },
  };
  const perception = await anew({ ...trip, context });
  await parts.memory.keep(key, { perception, losses });
  return { perception, remembered: false };
}

function renamed(perception: Perception, part: string): Perception {
  if (perception.kind !== 'timeline') return { ...perception, part };
  const { transcript } = perception;
  return { ...perception, part, transcript: transcript && { ...transcript, part } };
}

/** Tells the segments of a transcript as if they had just been heard. */
function tellAgain({ part, text, segments }: Transcript, trip: Trip): void {
  let from = 0;
  for (const segment of segments) {
    const end = Math.max(from, text.indexOf(segment.text, from) + segment.text.length);
    trip.emit({ kind: 'segment-heard', part, segment, delta: text.slice(from, end) });
    from = end;
  }
}
