import { isSensoriumError } from '#contract/error.ts';
import { orCancelled } from '#kit/abort.ts';

/** Something made once, when first asked for. */
export interface Lazy<T> {
  get(signal: AbortSignal): Promise<T>;
  /** What was made, if it was. */
  readonly made: Promise<T> | undefined;
}

/**
 * Makes a value once and shares it. A failure is not kept: the next caller tries again, and so does one who only waited
 * when the first caller was cancelled. Whoever is cancelled leaves at once, however long others still wait.
 */
export function lazy<T>(make: (signal: AbortSignal) => Promise<T>): Lazy<T> {
  let made: Promise<T> | undefined;
  const begin = (signal: AbortSignal) => {
    const making = make(signal);
    making.catch(() => {
      if (made === making) made = undefined;
    });
    return making;
  };
  return {
    get made() {
      return made;
    },
    async get(signal) {
      for (;;) {
        made ??= begin(signal);
        try {
          return await orCancelled(made, signal);
        } catch (error) {
          const othersCancel = isSensoriumError(error) && error.code === 'kit.cancelled' && !signal.aborted;
          if (!othersCancel) throw error;
        }
      }
    },
  };
}
