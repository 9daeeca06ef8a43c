import { nowMs } from '#kit/clock.ts';
import type { Pace } from '#kit/pace.ts';
import type { Admission } from '../load/admission.ts';
import type { Drain } from '../load/drain.ts';
import type { Arrival, Entrance } from './arrival.ts';
import type { Key } from './key.ts';
import type { Rates } from './rates.ts';

export interface GateParts {
  readonly entrance: Entrance;
  readonly rates: Rates;
  readonly admission: Admission;
  readonly drain: Drain;
  readonly pace: Pace;
  /** Largest body of one request. */
  readonly maxBodyBytes: number;
  /** How long a body may stand still; a minute when left out. */
  readonly bodyStallMs?: number;
}

/** A request that was let in. */
export interface Passage {
  readonly key: Key;
  /** Fires when the client has gone or the server is being stopped. */
  readonly stop: AbortController;
  /** What its body is counted as until the request ends. */
  readonly bodyBytes: number;
  /** Gives back everything that the request held. May be called twice. `finished`: the answer went out whole. */
  leave(finished: boolean): void;
}

/**
 * Lets an admitted request in: first whether there is room, then whether its key may come so often; what was taken is
 * given back when a later one refuses. Throws what each of them throws.
 */
export function pass(arrival: Arrival, key: Key, parts: GateParts): Passage {
  const stop = new AbortController();
  const startedMs = nowMs();
  const endDrain = parts.drain.begin(stop);
  let leaveRoom = () => {};
  try {
    const bodyBytes = bodyBytesOf(arrival, parts.maxBodyBytes);
    leaveRoom = parts.admission.enter(bodyBytes);
    const endTurn = parts.rates.take(key);
    let left = false;
    return {
      key,
      stop,
      bodyBytes,
      leave(finished) {
        if (left) return;
        left = true;
        endTurn();
        leaveRoom();
        endDrain();
        // Only work says how long work takes; looking up a list of models does not.
        if (finished && arrival.method === 'POST') parts.pace.note(nowMs() - startedMs);
      },
    };
  } catch (error) {
    leaveRoom();
    endDrain();
    throw error;
  }
}

// A body whose length is not announced may become as large as bodies can.
function bodyBytesOf({ headers }: Arrival, maxBodyBytes: number): number {
  if (headers['transfer-encoding'] !== undefined) return maxBodyBytes;
  const announced = Number(headers['content-length'] ?? 0);
  return announced >= 0 ? Math.min(announced, maxBodyBytes) : maxBodyBytes;
}
