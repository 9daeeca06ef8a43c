import { nowMs } from '#kit/clock.ts';

const FIRST_REST_MS = 10_000;
const LONGEST_REST_MS = 5 * 60_000;

interface State {
  failures: number;
  restMs: number;
  untilMs: number;
  trying: boolean;
}

/**
 * Leaves a server alone that fails and fails, so that whoever asks learns it at once and can go elsewhere. After a rest one
 * request may try; it opens the way again or doubles the rest, up to five minutes.
 */
export interface Breaker {
  /** Milliseconds to wait until a server that failed `most` times in a row may be asked again; `0`: it may be asked now. */
  restMs(origin: string, most: number): number;
  succeeded(origin: string): void;
  failed(origin: string): void;
  /** The request came to nothing that tells about the server: it was cancelled. */
  left(origin: string): void;
}

/** Makes a breaker for all servers, each known by its origin. */
export function breaker(now: () => number = nowMs): Breaker {
  const states = new Map<string, State>();
  return {
    restMs(origin, most) {
      const state = states.get(origin);
      if (!state || state.failures < most) return 0;
      const leftMs = state.untilMs - now();
      if (leftMs > 0) return leftMs;
      if (state.trying) return FIRST_REST_MS;
      state.trying = true;
      return 0;
    },
    succeeded: (origin) => void states.delete(origin),
    failed(origin) {
      const state = states.get(origin) ?? { failures: 0, restMs: FIRST_REST_MS, untilMs: 0, trying: false };
      states.set(origin, state);
      state.failures++;
      if (state.trying) state.restMs = Math.min(2 * state.restMs, LONGEST_REST_MS);
      state.trying = false;
      state.untilMs = now() + state.restMs;
    },
    left(origin) {
      const state = states.get(origin);
      if (state) state.trying = false;
    },
  };
}
