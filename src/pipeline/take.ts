import { isSensoriumError } from '#contract/error.ts';
import type { MediaPart } from '#contract/media.ts';
import { stopwatch } from '#kit/clock.ts';
import { takeMedia } from '#media/index.ts';
import type { Incoming } from './conversation.ts';
import type { Parts } from './parts.ts';
import type { Trip } from './trip.ts';

/**
 * Step 1: takes in every part, measured and hashed. `check` runs once every part has a name, so that whatever fails from
 * here on can say what became of each. What was taken is closed again when a later one fails.
 */
export async function takeParts(
  incoming: readonly Incoming[],
  parts: Parts,
  trip: Trip,
  check: () => void,
): Promise<MediaPart[]> {
  for (const [index] of incoming.entries()) {
    const part = `part-${index + 1}`;
    trip.fates.set(part, { part, kind: null, name: null, fate: 'not-reached', reason: NOT_REACHED });
  }
  const taken: MediaPart[] = [];
  let at = 0;
  try {
    check();
    if (incoming.length === 0) return taken;
    await trip.stage('media', async () => {
      const elapsedMs = stopwatch();
      for (; at < incoming.length; at++) {
        const { input } = incoming[at] as Incoming;
        const part = await takeMedia(input, { part: `part-${at + 1}`, ...parts.taking, ...trip.context });
        taken.push(part);
        const { kind, name } = part.media;
        trip.fates.set(part.media.part, {
          part: part.media.part,
          kind,
          name,
          fate: 'not-reached',
          reason: NOT_REACHED,
        });
        trip.emit({ kind: 'media-taken', media: part.media });
      }
      trip.timings.mediaMs = elapsedMs();
    });
    return taken;
  } catch (error) {
    refusedPart(`part-${at + 1}`, error, trip);
    await closeParts(taken);
    await leave(incoming.slice(at));
    throw error;
  }
}

const NOT_REACHED = 'The request ended before its turn.';

function refusedPart(part: string, error: unknown, { fates, signal }: Trip): void {
  const known = fates.get(part);
  if (known && isSensoriumError(error) && error.code.startsWith('media.') && !signal.aborted) {
    fates.set(part, { ...known, reason: error.message });
  }
}

/** Frees media that nobody has taken in. */
async function leave(incoming: readonly Incoming[]): Promise<void> {
  await Promise.allSettled(incoming.map(({ input }) => (input.kind === 'spooled' ? input.spool.close() : undefined)));
}

/** Frees what the parts kept. */
export async function closeParts(taken: readonly MediaPart[]): Promise<void> {
  await Promise.allSettled(taken.map((part) => part.close()));
}
