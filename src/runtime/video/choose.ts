/** A frame of a video: when it is shown, and how much it differs from the one before (ffmpeg's scene score, 0 to 1). */
export interface Scored {
  readonly atMs: number;
  readonly score: number;
}

/** Which frames were chosen, and what they leave unseen. */
export interface Choice {
  /** Their numbers, in order; 0 always among them. */
  readonly frames: readonly number[];
  readonly longestGapMs: number;
  readonly cuts: number;
  readonly cutsMissed: number;
}

/**
 * A cut stands out from what moves around it: its score is at least this, and this many times the median of the frames near
 * it. Measured; see docs/decisions.
 */
const CUT = { least: 0.07, timesMedian: 3 };
/** The frames a score is compared with, before and after. */
const AROUND = 12;
/** Cuts closer together than this show the same scene or a flash. */
const APART_MS = 250;

/**
 * Chooses the first frame and those at cuts: the threshold rises until no more than `most` are left. Where there are fewer
 * than `least`, the frames in the middle of the longest gaps come too, as something may have changed there without a cut.
 */
export function chooseFrames(
  scored: readonly Scored[],
  durationMs: number,
  { least, most }: { readonly least: number; readonly most: number },
): Choice {
  const cuts = cutsIn(scored);
  const strongest = [...cuts].sort((a, b) => scoreOf(scored, b) - scoreOf(scored, a) || a - b).slice(0, most - 1);
  const chosen = withGapsFilled(scored, [0, ...strongest], durationMs, Math.min(least, most));
  return {
    frames: chosen,
    longestGapMs: longestGapMs(
      chosen.map((frame) => timeOf(scored, frame)),
      durationMs,
    ),
    cuts: cuts.length,
    cutsMissed: cuts.length - strongest.length,
  };
}

/** These frames in order, and those in the middle of the longest gaps between them until there are `count`, if there are so many. */
export function withGapsFilled(
  scored: readonly Scored[],
  frames: readonly number[],
  durationMs: number,
  count: number,
): number[] {
  const chosen = [...frames].sort((a, b) => a - b);
  while (chosen.length < Math.min(count, scored.length)) {
    const times = chosen.map((frame) => timeOf(scored, frame));
    const gap = longestGap(times, durationMs);
    const middle = nearest(scored, (gap.fromMs + gap.toMs) / 2);
    if (chosen.includes(middle)) break;
    chosen.push(middle);
    chosen.sort((a, b) => a - b);
  }
  return chosen;
}

/** The longest time between two of these, or from the last to the end. */
export function longestGapMs(timesMs: readonly number[], durationMs: number): number {
  const { fromMs, toMs } = longestGap(timesMs, durationMs);
  return toMs - fromMs;
}

/** The frames that begin a new scene. */
export function cutsIn(scored: readonly Scored[], { least, timesMedian } = CUT): number[] {
  const cuts: number[] = [];
  for (let at = 1; at < scored.length; at++) {
    const score = scoreOf(scored, at);
    if (score < least) continue;
    const around = scored.slice(Math.max(1, at - AROUND), at + AROUND + 1).map(({ score: one }) => one);
    const median = around.sort((a, b) => a - b)[around.length >> 1] ?? 0;
    if (score < timesMedian * median) continue;
    const before = cuts.at(-1);
    if (before !== undefined && timeOf(scored, at) - timeOf(scored, before) < APART_MS) {
      if (score > scoreOf(scored, before)) cuts[cuts.length - 1] = at;
    } else cuts.push(at);
  }
  return cuts;
}

function longestGap(timesMs: readonly number[], durationMs: number) {
  const times = [...timesMs, durationMs];
  let best = { fromMs: 0, toMs: 0 };
  for (let at = 1; at < times.length; at++) {
    const [fromMs, toMs] = [times[at - 1] as number, times[at] as number];
    if (toMs - fromMs > best.toMs - best.fromMs) best = { fromMs, toMs };
  }
  return best;
}

function nearest(scored: readonly Scored[], ms: number): number {
  let best = 0;
  for (let at = 0; at < scored.length; at++) {
    if (Math.abs(timeOf(scored, at) - ms) < Math.abs(timeOf(scored, best) - ms)) best = at;
  }
  return best;
}

const scoreOf = (scored: readonly Scored[], at: number) => scored[at]?.score ?? 0;
const timeOf = (scored: readonly Scored[], at: number) => scored[at]?.atMs ?? 0;
