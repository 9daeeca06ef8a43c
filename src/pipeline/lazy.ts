import { isSensoriumError } from '#contract/error.ts';

/** Something made once, when first asked for. */
export interface Lazy<T> {
  get(signal: AbortSignal): Promise<T>;
  /** What was made, if it was. */
  readonly made: Promise<T> | undefined;
}

/**
 * Makes a value once and shares it. A failure is not kept: the next caller tries again, and so does one who only waited
 * when the first caller was cancelled.
 */
export function lazy<T>(make: (signal: AbortSignal) => Promise<T>): Lazy<T> {
  let made: Promise<T> | undefined;
  return {
    get made() {
      return made;
    },
    async get(signal) {
      for (;;) {
        made ??= make(signal);
        const mine = made;
        try {
          return await mine;
        } catch (error) {
          if (made === mine) made = undefined;
          const othersCancel = isSensoriumError(error) && error.code === 'kit.cancelled' && !signal.aborted;
          if (!othersCancel) throw error;
        }
      }
    },
  };
}
