/** Knows how long requests take, to say when to come back. */
export interface Pace {
  note(durationMs: number): void;
  /** When one of `slots` workers is likely to be free for whoever comes after `waiting` others, in whole milliseconds. */
  retryAfterMs(waiting: number, slots: number): number;
}

const REMEMBERED = 64;
const UNKNOWN_MS = 1_000;
// Clients wait what they are told only up to a minute; sooner than a tenth of a second is no waiting.
const SHORTEST_MS = 100;
const LONGEST_MS = 60_000;

/** Opens the measurement: the median of the last 64 requests, one second while nothing was measured. */
export function openPace(): Pace {
  const durationsMs: number[] = [];
  let next = 0;
  return {
    note(durationMs) {
      durationsMs[next] = durationMs;
      next = (next + 1) % REMEMBERED;
    },
    retryAfterMs(waiting, slots) {
      const sorted = durationsMs.toSorted((a, b) => a - b);
      const medianMs = sorted[sorted.length >> 1];
      if (medianMs === undefined) return UNKNOWN_MS;
      const waitMs = (medianMs * Math.max(1, waiting)) / Math.max(1, slots);
      return Math.round(Math.min(LONGEST_MS, Math.max(SHORTEST_MS, waitMs)));
    },
  };
}
