import { cancelled } from './abort.ts';

/** Places of which each is held by one at a time. */
export interface Slots {
  /** Waits for a free place, in the order of asking, and gives what frees it again. Throws `kit.cancelled`. */
  take(signal: AbortSignal): Promise<() => void>;
}

/** Opens so many places. */
export function slots(count: number): Slots {
  const waiting: (() => void)[] = [];
  let free = count;
  const leave = () => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };
  const once = () => {
    let left = false;
    return () => {
      if (!left) leave();
      left = true;
    };
  };
  return {
    async take(signal) {
      if (signal.aborted) throw cancelled(signal);
      if (free > 0) {
        free -= 1;
        return once();
      }
      await new Promise<void>((resolve, reject) => {
        const turn = () => {
          signal.removeEventListener('abort', stop);
          resolve();
        };
        const stop = () => {
          waiting.splice(waiting.indexOf(turn), 1);
          reject(cancelled(signal));
        };
        waiting.push(turn);
        signal.addEventListener('abort', stop, { once: true });
      });
      return once();
    },
  };
}
