import { cutsIn, longestGapMs, type Scored, withGapsFilled } from '#runtime/video/choose.ts';

/** A frame to look at. */
export interface Keyframe {
  /** Its number among those that were scored. */
  readonly frame: number;
  readonly atMs: number;
}

/** Which frames to look at, and what they leave unseen. */
export interface Keyframes {
  readonly frames: readonly Keyframe[];
  /** When scenes begin; the first at 0. */
  readonly scenesMs: readonly number[];
  readonly cutsMissed: number;
  readonly writings: number;
  readonly writingsMissed: number;
}

/** Right after a cut a picture may still be blurred; one in which the writing stands, so soon after it, shows the same scene. */
const SETTLED_WITHIN_MS = 1_000;
/** No longer gap, as far as there is room: something may have changed that nothing here measures. */
const LOOK_EVERY_MS = 15_000;
const LEAST_FRAMES = 2;

/**
 * Chooses the frames to look at, `most` at most: one for each scene and one for each change of its writing; where there is no room
 * for all, the strongest of both in turn. Where there is room left, some come in the middle of long gaps.
 */
export function keyframesOf(
  scored: readonly Scored[],
  writings: readonly { readonly atMs: number; readonly newWriting: number }[],
  durationMs: number,
  most: number,
): Keyframes {
  const scenes = [0, ...cutsIn(scored)];
  const timeOf = (frame: number) => scored[frame]?.atMs ?? 0;
  const unused = new Map(writings.map((writing) => [frameAt(scored, writing.atMs), writing.newWriting]));
  const settled = scenes.map((scene, at) => {
    const untilMs = Math.min(timeOf(scene) + SETTLED_WITHIN_MS, timeOf(scenes[at + 1] ?? scored.length - 1));
    const frame = [...unused.keys()].find((one) => one > scene && timeOf(one) < untilMs) ?? scene;
    unused.delete(frame);
    return { frame, strength: scene === 0 ? Number.POSITIVE_INFINITY : (scored[scene]?.score ?? 0) };
  });
  const changes = [...unused].map(([frame, strength]) => ({ frame, strength }));
  const chosen = strongestInTurn(settled, changes, most);
  const frames = withoutLongGaps(scored, [...chosen], durationMs, most);
  return {
    frames: frames.map((frame) => ({ frame, atMs: timeOf(frame) })),
    scenesMs: scenes.map(timeOf),
    cutsMissed: settled.filter(({ frame }) => !chosen.has(frame)).length,
    writings: changes.length,
    writingsMissed: changes.filter(({ frame }) => !chosen.has(frame)).length,
  };
}

/** These frames and those in the middle of gaps that are too long, as far as there is room. */
function withoutLongGaps(
  scored: readonly Scored[],
  chosen: readonly number[],
  durationMs: number,
  most: number,
): number[] {
  let frames = withGapsFilled(scored, chosen, durationMs, Math.min(LEAST_FRAMES, most));
  const gapMs = () => longestGapMs([0, ...frames.map((frame) => scored[frame]?.atMs ?? 0)], durationMs);
  while (frames.length < most && gapMs() > LOOK_EVERY_MS) {
    const more = withGapsFilled(scored, frames, durationMs, frames.length + 1);
    if (more.length === frames.length) break;
    frames = more;
  }
  return frames;
}

/** The longest time of a video in which no frame was looked at. */
export function unseenMs(seenMs: readonly number[], durationMs: number): number {
  return Math.round(longestGapMs([0, ...seenMs], durationMs));
}

interface Candidate {
  readonly frame: number;
  readonly strength: number;
}

function strongestInTurn(a: readonly Candidate[], b: readonly Candidate[], most: number): Set<number> {
  const sorted = [a, b].map((all) => [...all].sort((x, y) => y.strength - x.strength || x.frame - y.frame));
  const chosen = new Set<number>();
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    for (const all of sorted) {
      const frame = all[at]?.frame;
      if (frame !== undefined && chosen.size < most) chosen.add(frame);
    }
  }
  return chosen;
}

/** The number of the first frame that is shown at this time or later. */
function frameAt(scored: readonly Scored[], ms: number): number {
  let [low, high] = [0, Math.max(0, scored.length - 1)];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((scored[middle]?.atMs ?? 0) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}
