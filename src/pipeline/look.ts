import type { Finding } from '#contract/finding.ts';
import type { MediaPart } from '#contract/media.ts';
import { stopwatch } from '#kit/clock.ts';
import { probe } from '#probe/index.ts';
import type { Parts } from './parts.ts';
import type { Trip } from './trip.ts';

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
    : `There is no sound in this ${kind} to look for a voice in.`;
}
