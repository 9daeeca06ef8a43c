import { isSensoriumError, SensoriumError } from '#contract/error.ts';
import type { Finding } from '#contract/finding.ts';
import type { MediaPart } from '#contract/media.ts';
import type { Perception, Transcript } from '#contract/perception.ts';
import { stopwatch } from '#kit/clock.ts';
import type { Conversion } from '#ledger/index.ts';
import { takeMedia } from '#media/index.ts';
import { type Hearing, hear } from '#perceive/index.ts';
import { probe } from '#probe/index.ts';
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

/** Step 2: looks at each part that is to be turned into text. */
export async function lookAt(
  taken: readonly MediaPart[],
  wanted: (part: MediaPart) => boolean,
  parts: Parts,
  trip: Trip,
): Promise<Finding[]> {
  if (taken.length === 0) return [];
  return trip.stage('probe', async () => {
    const elapsedMs = stopwatch();
    const findings: Finding[] = [];
    for (const part of taken) {
      const isWanted = wanted(part);
      const finding: Finding =
        part.sound && isWanted
          ? await probe(part, { detector: await parts.detector(trip.signal), ...trip.context })
          : { part: part.media.part, kind: 'unread', reason: unreadReason(part, isWanted) };
      findings.push(finding);
      trip.emit({ kind: 'part-probed', finding });
    }
    trip.timings.probeMs = elapsedMs();
    return findings;
  });
}

function unreadReason({ media: { kind }, sound }: MediaPart, isWanted: boolean): string {
  return sound && !isWanted
    ? 'It goes to the model as it is, so nothing here listened to it.'
    : `Nothing here looks into ${kind} yet.`;
}

/** How a recording is to be heard: by which recogniser, in which language, with which words likely. */
export interface HearingWishes {
  readonly model?: string | undefined;
  readonly language?: string | undefined;
  readonly prompt?: string | undefined;
  readonly task?: Hearing['task'];
}

/** Step 4a: turns one part into text. */
export async function perceivePart(
  part: MediaPart,
  finding: Finding | undefined,
  wishes: HearingWishes,
  parts: Parts,
  trip: Trip,
): Promise<{ perception: Perception; conversion: Conversion | null }> {
  if (part.media.kind === 'text') {
    const text = new TextDecoder(charsetOf(part.media.mimeType)).decode(await part.bytes());
    return { perception: { part: part.media.part, kind: 'plain-text', text }, conversion: null };
  }
  const elapsedMs = stopwatch();
  const perception = await hearPart(part, finding, wishes, parts, trip);
  const conversion = {
    part: part.media.part,
    op: 'hear',
    name: perception.engine,
    version: null,
    weightsSha256: null,
    latencyMs: elapsedMs(),
  };
  return { perception, conversion };
}

function charsetOf(mimeType: string): string {
  return /charset=([\w-]+)/.exec(mimeType)?.[1] ?? 'utf-8';
}

/** Hears a part that has sound; one without is the caller's mistake. */
export async function hearPart(
  part: MediaPart,
  finding: Finding | undefined,
  { model, language, prompt, task }: HearingWishes,
  parts: Parts,
  trip: Trip,
): Promise<Transcript> {
  if (!part.sound || finding?.kind !== 'sound') {
    throw new SensoriumError('hear.no-sound', `${part.media.name} has no sound (it is ${part.media.mimeType}).`, {
      hint: 'Give a recording, or a video that has a sound track.',
    });
  }
  const { sound } = part;
  const recogniser = await parts.recogniser(model ?? parts.recogniserId, trip.signal);
  const { durationMs } = finding;
  const onProgress = (heardMs: number) => trip.emit({ kind: 'hearing-moved', part: finding.part, heardMs, durationMs });
  const onSegment: Hearing['onSegment'] = (heard) => trip.emit({ kind: 'segment-heard', part: finding.part, ...heard });
  const hearing = { part: finding.part, sound, finding, language, prompt, task, onSegment, onProgress };
  return trip.stage('perceive', () => hear(hearing, recogniser, trip.context));
}

/** Frees what the parts kept. */
export async function closeParts(taken: readonly MediaPart[]): Promise<void> {
  await Promise.allSettled(taken.map((part) => part.close()));
}
