import type { TimeSpan } from '#contract/finding.ts';
import { type Frames, frameAt, HOP_MS } from './prosody/frames.ts';

/** A silence shorter than this is part of speaking: the closure of a plosive, the joint of two words. */
const SHORTEST_MS = 200;
/** How far a word's end or begin may be from where the silence is: recognisers place words by frames of 20 to 40 ms, roughly. */
const TOLERANCE_MS = 300;

/** The longest silence between two words, measured in the sound; their own times only say where to look. */
export function silenceBetween(before: TimeSpan, after: TimeSpan, frames: Frames, silentDb: number): TimeSpan | null {
  const from = frameAt(before.endMs - Math.min(TOLERANCE_MS, (before.endMs - before.startMs) / 2), frames);
  const to = frameAt(after.startMs + Math.min(TOLERANCE_MS, (after.endMs - after.startMs) / 2), frames);
  let best: TimeSpan | null = null;
  let since = from;
  for (let at = from; at <= to; at++) {
    if (at < to && isSilent(frames, at, silentDb)) continue;
    const lengthMs = (at - since) * HOP_MS;
    if (lengthMs >= SHORTEST_MS && lengthMs > (best ? best.endMs - best.startMs : 0)) {
      best = { startMs: since * HOP_MS, endMs: at * HOP_MS };
    }
    since = at + 1;
  }
  return best;
}

export function isSilent({ f0Hz, levelDb }: Frames, at: number, silentDb: number): boolean {
  return f0Hz[at] === 0 && (levelDb[at] as number) < silentDb;
}
