import { SensoriumError } from '#contract/error.ts';
import type { Finding } from '#contract/finding.ts';
import type { MediaPart } from '#contract/media.ts';
import type { Perception, Transcript } from '#contract/perception.ts';
import { stopwatch } from '#kit/clock.ts';
import type { Conversion } from '#ledger/index.ts';
import { type MediaInput, takeMedia } from '#media/index.ts';
import { hear } from '#perceive/index.ts';
import { probe } from '#probe/index.ts';
import type { Parts } from './parts.ts';
import type { Trip } from './trip.ts';

/** Step 1: takes in every part, measured and hashed. What was taken is closed again when a later one fails. */
export async function takeParts(inputs: readonly MediaInput[], parts: Parts, trip: Trip): Promise<MediaPart[]> {
  const elapsedMs = stopwatch();
  const taken: MediaPart[] = [];
  try {
    for (const [index, input] of inputs.entries()) {
      const part = await takeMedia(input, { part: `part-${index + 1}`, ...parts.taking, ...trip.context });
      taken.push(part);
      trip.emit({ kind: 'media-taken', media: part.media });
    }
  } catch (error) {
    await closeParts(taken);
    throw error;
  }
  trip.timings.mediaMs = elapsedMs();
  return taken;
}

/** Step 2: looks at each part before a route is chosen. */
export async function lookAt(taken: readonly MediaPart[], parts: Parts, trip: Trip): Promise<Finding[]> {
  const elapsedMs = stopwatch();
  const findings: Finding[] = [];
  for (const part of taken) {
    const finding: Finding = part.sound
      ? await probe(part, { detector: await parts.detector(trip.signal), ...trip.context })
      : { part: part.media.part, kind: 'unread', reason: `Nothing here looks into ${part.media.kind} yet.` };
    findings.push(finding);
    trip.emit({ kind: 'part-probed', finding });
  }
  trip.timings.probeMs = elapsedMs();
  return findings;
}

/** Step 4a: turns one part into text. */
export async function perceivePart(
  part: MediaPart,
  finding: Finding | undefined,
  language: string | undefined,
  parts: Parts,
  trip: Trip,
): Promise<{ perception: Perception; conversion: Conversion | null }> {
  if (part.media.kind === 'text') {
    const text = new TextDecoder(charsetOf(part.media.mimeType)).decode(await part.bytes());
    return { perception: { part: part.media.part, kind: 'plain-text', text }, conversion: null };
  }
  const elapsedMs = stopwatch();
  const perception = await hearPart(part, finding, language, parts, trip);
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
  language: string | undefined,
  parts: Parts,
  trip: Trip,
): Promise<Transcript> {
  if (!part.sound || finding?.kind !== 'sound') {
    throw new SensoriumError('hear.no-sound', `${part.media.name} has no sound (it is ${part.media.mimeType}).`, {
      hint: 'Give a recording, or a video that has a sound track.',
    });
  }
  const recogniser = await parts.recogniser(trip.signal);
  const { durationMs } = finding;
  const onProgress = (heardMs: number) => trip.emit({ kind: 'hearing-moved', part: finding.part, heardMs, durationMs });
  return hear({ part: finding.part, sound: part.sound, finding, language, onProgress }, recogniser, trip.context);
}

/** Frees what the parts kept. */
export async function closeParts(taken: readonly MediaPart[]): Promise<void> {
  await Promise.allSettled(taken.map((part) => part.close()));
}
