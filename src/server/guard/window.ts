/** Counts what happened in a sliding window of time, in memory that does not grow. */
export interface SlidingCount {
  /** How many in the window that ends now. */
  count(nowMs: number): number;
  add(nowMs: number): void;
  /** How long until fewer than `limit` are in the window, if nothing more is added. */
  waitMs(nowMs: number, limit: number): number;
}

const SLOTS = 120;

/**
 * Opens a count over `windowMs`. Time is cut into slots of a 120th of it, and a slot counts until all of it has left the
 * window: the count is never too small, so a limit holds in every window however one lays it, and at most a 120th of the
 * window's time too large. `nowMs` must not go back.
 */
export function slidingCount(windowMs: number): SlidingCount {
  const slotMs = windowMs / SLOTS;
  // The running slot and the 120 before it, as a ring.
  const slots = new Uint32Array(SLOTS + 1);
  let head = 0;
  let total = 0;
  const at = (slot: number) => slots[slot % slots.length] ?? 0;

  const advance = (nowMs: number) => {
    const now = Math.floor(nowMs / slotMs);
    if (now <= head) return;
    for (let slot = Math.max(head + 1, now - SLOTS); slot <= now; slot++) {
      total -= at(slot);
      slots[slot % slots.length] = 0;
    }
    head = now;
  };
  return {
    count(nowMs) {
      advance(nowMs);
      return total;
    },
    add(nowMs) {
      advance(nowMs);
      slots[head % slots.length] = at(head) + 1;
      total += 1;
    },
    waitMs(nowMs, limit) {
      advance(nowMs);
      let left = total;
      for (let slot = head - SLOTS; slot <= head && left >= limit; slot++) {
        if (slot < 0) continue;
        left -= at(slot);
        if (left < limit) return (slot + SLOTS + 1) * slotMs - nowMs;
      }
      return 0;
    },
  };
}
