import { SensoriumError } from '#contract/error.ts';

/** The error a cancelled request ends with. */
export function cancelled(signal: AbortSignal): SensoriumError {
  return new SensoriumError('kit.cancelled', 'Cancelled.', { cause: signal.reason });
}

/** Stops here when the request was cancelled. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled(signal);
}

/** Settles as `promise` does, or fails at once when the signal fires. The promise itself goes on unheard. */
export async function orCancelled<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  // Once nobody waits for it any more, its failure must not count as unhandled.
  promise.catch(() => {});
  throwIfCancelled(signal);
  let stop = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(cancelled(signal));
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([promise, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
