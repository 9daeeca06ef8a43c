import { type Lazy, lazy } from './lazy.ts';

/** Things that are opened by name, each once, when first asked for. */
export interface Pool<T> {
  get(id: string, signal: AbortSignal): Promise<T>;
  /** Closes what was opened; a failure of one keeps nobody from closing the others. */
  close(): Promise<void>;
}

/** A pool that opens its things so. */
export function pool<T extends { close(): Promise<void> }>(
  open: (id: string, signal: AbortSignal) => Promise<T>,
): Pool<T> {
  const opened = new Map<string, Lazy<T>>();
  return {
    get(id, signal) {
      const known = opened.get(id) ?? lazy((stop) => open(id, stop));
      opened.set(id, known);
      return known.get(signal);
    },
    async close() {
      await Promise.allSettled([...opened.values()].map(async ({ made }) => (await made)?.close()));
    },
  };
}
