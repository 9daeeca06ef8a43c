import { SensoriumError } from '#contract/error.ts';
import { nowMs } from '#kit/clock.ts';
import type { Key } from './key.ts';
import { type SlidingCount, slidingCount } from './window.ts';

/** Limits of a key that has none of its own (`server.requestsPer…`). */
export interface DefaultLimits {
  readonly requestsPerMinute: number | null;
  readonly requestsPerDay: number | null;
  readonly requestsAtOnce: number;
}

/** How often each key may come. */
export interface Rates {
  /**
   * Counts a request; the result ends its turn and may be called twice. Throws `server.rate-limited`, and then counts
   * nothing. Details: `limit` (which one), `allowed` (requests) and `retryAfterMs`.
   */
  take(key: Key): () => void;
  /**
   * Where the key stands with the tighter of its limits, in the reference API's headers; none without limits. The reset
   * is the time after which, with no more requests, the whole limit is free again.
   */
  headers(key: Key): Readonly<Record<string, string>>;
}

interface Standing {
  running: number;
  readonly minute: SlidingCount;
  readonly day: SlidingCount;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const AT_ONCE_RETRY_MS = 1_000;
const NONE: Readonly<Record<string, string>> = Object.freeze({});

/**
 * Opens the counts, about one kilobyte for each key that was ever used. They live in memory: when the server starts anew, so do they,
 * the day's too. Whoever needs a budget that survives restarts has one at the model's own provider.
 */
export function openRates(defaults: DefaultLimits, clock: () => number = nowMs): Rates {
  const standings = new Map<string, Standing>();
  const standingOf = (key: Key): Standing => {
    let standing = standings.get(key.id);
    if (!standing) {
      standing = { running: 0, minute: slidingCount(MINUTE_MS), day: slidingCount(DAY_MS) };
      standings.set(key.id, standing);
    }
    return standing;
  };
  const perMinute = ({ limits }: Key) => limits.requestsPerMinute ?? defaults.requestsPerMinute;
  const perDay = ({ limits }: Key) => limits.requestsPerDay ?? defaults.requestsPerDay;

  return {
    take(key) {
      const now = clock();
      const standing = standingOf(key);
      const atOnce = key.limits.requestsAtOnce ?? defaults.requestsAtOnce;
      if (standing.running >= atOnce) throw limited('requests at once', atOnce, AT_ONCE_RETRY_MS);
      const windows = [
        ['requests per day', standing.day, perDay(key)],
        ['requests per minute', standing.minute, perMinute(key)],
      ] as const;
      for (const [limit, window, allowed] of windows) {
        if (allowed !== null && window.count(now) >= allowed)
          throw limited(limit, allowed, window.waitMs(now, allowed));
      }
      standing.day.add(now);
      standing.minute.add(now);
      standing.running += 1;
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        standing.running -= 1;
      };
    },
    headers(key) {
      const minute = perMinute(key);
      const day = perDay(key);
      if (minute === null && day === null) return NONE;
      const now = clock();
      const standing = standingOf(key);
      const left = (limit: number | null, window: SlidingCount) =>
        limit === null ? Number.POSITIVE_INFINITY : Math.max(0, limit - window.count(now));
      const minuteLeft = left(minute, standing.minute);
      const dayLeft = left(day, standing.day);
      const byMinute = minuteLeft <= dayLeft;
      const window = byMinute ? standing.minute : standing.day;
      return {
        'x-ratelimit-limit-requests': String(byMinute ? minute : day),
        'x-ratelimit-remaining-requests': String(byMinute ? minuteLeft : dayLeft),
        'x-ratelimit-reset-requests': spelled(window.waitMs(now, 1)),
      };
    },
  };
}

function limited(limit: string, allowed: number, waitMs: number): SensoriumError {
  const retryAfterMs = Math.ceil(waitMs);
  return new SensoriumError('server.rate-limited', `This key may make ${allowed} ${limit}.`, {
    hint: `Try again in ${spelled(retryAfterMs)}.`,
    details: { limit, allowed, retryAfterMs },
  });
}

/** A time as the reference API spells it: `6m0s`, `1.25s`, `20ms`. */
export function spelled(durationMs: number): string {
  const ms = Math.ceil(durationMs);
  if (ms < 1_000) return `${ms}ms`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor(ms / 60_000) % 60;
  const seconds = (ms % 60_000) / 1_000;
  return `${hours > 0 ? `${hours}h` : ''}${ms >= 60_000 ? `${minutes}m` : ''}${seconds}s`;
}
