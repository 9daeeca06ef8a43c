import type { DoubtfulSpan } from '#contract/ledger.ts';

/** A stretch of a recording, in milliseconds. */
export interface Clip {
  readonly startMs: number;
  readonly endMs: number;
}

/** Most stretches of one recording, and most sound in all: what a model charges for it is small beside a long recording. */
const MOST_CLIPS = 3;
const MOST_MS = 20_000;
/** A word alone is hard to hear: this much sound stands before and behind it. */
const AROUND_MS = 700;
/** Stretches nearer than this are one. */
const APART_MS = 500;

/**
 * The stretches of a recording that a model had better hear itself: around the most doubtful places, a few, short, in order of time. Places
 * without a time cannot be cut out.
 */
export function clipsFor(spans: readonly Pick<DoubtfulSpan, 'time' | 'pError'>[], durationMs: number): Clip[] {
  let chosen: Clip[] = [];
  for (const { time } of [...spans].sort((a, b) => b.pError - a.pError)) {
    if (time === null || time.startMs >= durationMs) continue;
    const startMs = Math.max(0, Math.round(time.startMs - AROUND_MS));
    const endMs = Math.min(Math.round(durationMs), Math.round(time.endMs + AROUND_MS));
    const more = merged([...chosen, { startMs, endMs }]);
    if (more.length <= MOST_CLIPS && lengthMs(more) <= MOST_MS) chosen = more;
  }
  return chosen;
}

function merged(clips: readonly Clip[]): Clip[] {
  const made: Clip[] = [];
  for (const clip of [...clips].sort((a, b) => a.startMs - b.startMs)) {
    const last = made.at(-1);
    if (last && clip.startMs - last.endMs < APART_MS) {
      made[made.length - 1] = { startMs: last.startMs, endMs: Math.max(last.endMs, clip.endMs) };
    } else made.push(clip);
  }
  return made;
}

function lengthMs(clips: readonly Clip[]): number {
  return clips.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
}
