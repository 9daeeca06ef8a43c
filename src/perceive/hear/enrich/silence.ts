import type { TimeSpan } from '#contract/finding.ts';
import { type Frames, HOP_MS } from './prosody/frames.ts';

/** A silence shorter than this is part of speaking: the closure of a plosive, the joint of two words. */
const SHORTEST_MS = 200;
/** How far a silence may be from where the words say that one ends and the next begins; more where their times were only spread. */
const TOLERANCE_MS = 300;
const UNTIMED_TOLERANCE_MS = 600;
/** Punctuation attracts a silence: a recogniser's times are rough, and people pause where a reader would. */
const AWAY_FROM_PUNCTUATION_MS = 200;

/** Where one word ends and the next begins. `open`: the text has nothing there. `timed`: the times were measured. */
export interface Joint extends TimeSpan {
  readonly open: boolean;
  readonly timed: boolean;
}

/** Every silence of at least 200 ms with sound before and after it. */
export function silencesIn(frames: Frames, silentDb: number): TimeSpan[] {
  const silences: TimeSpan[] = [];
  let since = 0;
  for (let at = 0; at <= frames.count; at++) {
    if (at < frames.count && isSilent(frames, at, silentDb)) continue;
    const between = since > 0 && at < frames.count;
    if (between && (at - since) * HOP_MS >= SHORTEST_MS) silences.push({ startMs: since * HOP_MS, endMs: at * HOP_MS });
    since = at + 1;
  }
  return silences;
}

/** The silence at each joint, `null` where there is none. Each silence belongs to one joint, the longest wins. */
export function pausesAt(joints: readonly Joint[], silences: readonly TimeSpan[]): (TimeSpan | null)[] {
  const pauses: (TimeSpan | null)[] = joints.map(() => null);
  let first = 0;
  for (const silence of silences) {
    while (first < joints.length && apart(joints[first], silence) < -UNTIMED_TOLERANCE_MS) first++;
    let best = -1;
    let bestMs = Number.POSITIVE_INFINITY;
    for (let at = first; at < joints.length; at++) {
      const joint = joints[at];
      const distanceMs = apart(joint, silence);
      if (!joint || distanceMs > UNTIMED_TOLERANCE_MS) break;
      // Where times were only spread over the speech, a silence says nothing of which words it parts.
      if (!joint.timed && joint.open) continue;
      if (Math.abs(distanceMs) > (joint.timed ? TOLERANCE_MS : UNTIMED_TOLERANCE_MS)) continue;
      const costMs = Math.abs(middle(joint) - middle(silence)) + (joint.open ? AWAY_FROM_PUNCTUATION_MS : 0);
      if (costMs < bestMs) [best, bestMs] = [at, costMs];
    }
    const known = pauses[best];
    if (best >= 0 && (!known || lengthOf(silence) > lengthOf(known))) pauses[best] = silence;
  }
  return pauses;
}

export function isSilent({ f0Hz, levelDb }: Frames, at: number, silentDb: number): boolean {
  return f0Hz[at] === 0 && (levelDb[at] as number) < silentDb;
}

// How far a joint lies after a silence, negative before it, 0 where they touch.
function apart(joint: Joint | undefined, silence: TimeSpan): number {
  if (!joint) return 0;
  if (joint.startMs > silence.endMs) return joint.startMs - silence.endMs;
  return joint.endMs < silence.startMs ? joint.endMs - silence.startMs : 0;
}

function middle({ startMs, endMs }: TimeSpan): number {
  return (startMs + endMs) / 2;
}

function lengthOf({ startMs, endMs }: TimeSpan): number {
  return endMs - startMs;
}
