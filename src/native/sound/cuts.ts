import { LEVEL_MS } from './loudness.ts';

/** A stretch of a recording, in milliseconds. */
export interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
}

/** A cut is looked for this far around the place where it would make the pieces equal. */
const SEARCH_MS = 10_000;
/** Where sound has to be left out, no more than this is given up for a better end. */
const END_SEARCH_MS = 2_000;
/** A pause is to be expected within so much speech. */
const PLAY_MS = 3_000;
/** A pause counts by its quietest stretch of this length: a stop within a word is shorter. */
const PAUSE_MS = 200;

/**
 * Divides a recording into as few pieces as have room, none longer than `longestMs`, cut where it is quietest. Pieces are
 * nearly equal, so that none is only a remnant. At most `most` pieces; what is too much for them is left out at the end.
 */
export function planPieces(
  levels: Float32Array,
  durationMs: number,
  { longestMs, shortestMs, most }: { readonly longestMs: number; readonly shortestMs: number; readonly most: number },
): Stretch[] {
  if (durationMs <= longestMs) return [{ startMs: 0, endMs: durationMs }];
  const room = most * longestMs;
  const endMs =
    durationMs <= room ? durationMs : quietest(levels, Math.max(room - END_SEARCH_MS, room - longestMs * 0.25), room);
  // Cuts need room to move to a pause; where no more pieces may be made, they have less.
  const playMs = Math.min(PLAY_MS, longestMs / 5);
  const comfortable = Math.ceil((endMs - playMs) / (longestMs - playMs));
  const count = Math.max(Math.ceil(endMs / longestMs), Math.min(most, comfortable));
  const pieces: Stretch[] = [];
  let startMs = 0;
  for (let left = count; left > 1; left--) {
    const evenMs = startMs + (endMs - startMs) / left;
    // Everything behind the cut must still fit into the pieces that are left, and none may be too short.
    const from = Math.max(startMs + shortestMs, endMs - (left - 1) * longestMs, evenMs - SEARCH_MS);
    const to = Math.min(startMs + longestMs, endMs - (left - 1) * shortestMs, evenMs + SEARCH_MS);
    const cutMs = from < to ? quietest(levels, from, to) : evenMs;
    pieces.push({ startMs, endMs: cutMs });
    startMs = cutMs;
  }
  return [...pieces, { startMs, endMs }];
}

/** The middle of the quietest stretch between two times. */
function quietest(levels: Float32Array, fromMs: number, toMs: number): number {
  const width = PAUSE_MS / LEVEL_MS;
  const first = Math.ceil(fromMs / LEVEL_MS);
  const last = Math.floor(toMs / LEVEL_MS);
  let best = { at: toMs, sum: Number.POSITIVE_INFINITY };
  for (let at = first; at <= last; at++) {
    let sum = 0;
    for (let around = at - width / 2; around < at + width / 2; around++) sum += levels[around] ?? 0;
    if (
      sum < best.sum ||
      (sum === best.sum && Math.abs(at * LEVEL_MS - (fromMs + toMs) / 2) < Math.abs(best.at - (fromMs + toMs) / 2))
    ) {
      best = { at: at * LEVEL_MS, sum };
    }
  }
  return best.at;
}
