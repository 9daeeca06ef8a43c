import type { TimeSpan } from '#contract/finding.ts';

/**
 * How sound may be cut. `maxMs` is the longest piece from its first voice to its last, `maxPauseMs` the longest silence
 * that may lie inside one, `padMs` the sound or silence put before and after it.
 */
export interface CutLimits {
  readonly maxMs: number;
  readonly maxPauseMs: number;
  readonly padMs: number;
}

/** A stretch to be heard at once. Its territory, `fromMs` to `toMs`, is never shared with another piece. */
export interface PlannedPiece {
  readonly speech: readonly TimeSpan[];
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Groups voiced spans into pieces, cutting only in pauses and there in the longest one in reach. Every span ends up in one
 * piece, in order. Only a span that is by itself longer than `maxMs` makes a longer piece; who reads it must cut inside.
 */
export function planPieces(speech: readonly TimeSpan[], limits: CutLimits): PlannedPiece[] {
  const groups: TimeSpan[][] = [];
  let open: TimeSpan[] = [];
  for (const span of inOrder(speech)) {
    const last = open.at(-1);
    if (last && span.startMs - last.endMs > limits.maxPauseMs) {
      groups.push(open);
      open = [];
    }
    open.push(span);
    while (open.length > 1 && extentMs(open) > limits.maxMs) groups.push(open.splice(0, bestCut(open, limits.maxMs)));
  }
  if (open.length > 0) groups.push(open);
  return groups.map((group, at) => territory(group, groups[at - 1], groups[at + 1], limits.padMs));
}

/** The spans sorted, overlapping ones joined, empty ones gone. */
export function inOrder(speech: readonly TimeSpan[]): TimeSpan[] {
  const sorted = speech.filter((span) => span.endMs > span.startMs).sort((a, b) => a.startMs - b.startMs);
  const joined: TimeSpan[] = [];
  for (const span of sorted) {
    const last = joined.at(-1);
    if (last && span.startMs <= last.endMs) {
      joined[joined.length - 1] = { startMs: last.startMs, endMs: Math.max(last.endMs, span.endMs) };
    } else joined.push(span);
  }
  return joined;
}

// How many spans to cut off the front: up to the longest pause after which the front is at least half full, so that no
// piece is needlessly short; the pause before the last span when the front never gets half full.
function bestCut(open: readonly TimeSpan[], maxMs: number): number {
  let best = { count: open.length - 1, pauseMs: -1 };
  for (let count = 1; count < open.length; count += 1) {
    const front = open.slice(0, count);
    const pauseMs = (open[count]?.startMs ?? 0) - (open[count - 1]?.endMs ?? 0);
    if (extentMs(front) >= maxMs / 2 && extentMs(front) <= maxMs && pauseMs > best.pauseMs) best = { count, pauseMs };
  }
  return best.count;
}

function territory(
  group: readonly TimeSpan[],
  before: readonly TimeSpan[] | undefined,
  after: readonly TimeSpan[] | undefined,
  padMs: number,
): PlannedPiece {
  const startMs = group[0]?.startMs ?? 0;
  const endMs = group.at(-1)?.endMs ?? 0;
  const previousMs = before?.at(-1)?.endMs;
  const nextMs = after?.[0]?.startMs;
  return {
    speech: group,
    fromMs: Math.max(startMs - padMs, previousMs === undefined ? 0 : (previousMs + startMs) / 2),
    toMs: Math.min(endMs + padMs, nextMs === undefined ? Number.POSITIVE_INFINITY : (endMs + nextMs) / 2),
  };
}

function extentMs(spans: readonly TimeSpan[]): number {
  return (spans.at(-1)?.endMs ?? 0) - (spans[0]?.startMs ?? 0);
}
