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
export function orCancelled<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const stop = () => reject(cancelled(signal));
    const leave = () => signal.removeEventListener('abort', stop);
    // Also once nobody waits for it any more, so that its failure does not count as unhandled.
    promise.then(
      (value) => {
        leave();
        resolve(value);
      },
      (error: unknown) => {
        leave();
        reject(error);
      },
    );
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
