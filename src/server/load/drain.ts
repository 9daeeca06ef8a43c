import { SensoriumError } from '#contract/error.ts';

/** The end of a server's life: running requests may finish, new ones are turned away. */
export interface Drain {
  /** Whether new work is welcome; `/readyz` says it. False until `open` was called and again once draining began. */
  readonly ready: boolean;
  readonly running: number;
  open(): void;
  /** Notes a request; the result notes its end and may be called twice. Throws `server.shutting-down`. */
  begin(stop: AbortController): () => void;
  /**
   * Waits until all requests have ended, aborts after `ms` those that have not, and gives these another moment to say
   * so. Resolves with how many were aborted; called again, with the same.
   */
  drain(ms: number): Promise<{ readonly aborted: number }>;
}

const LAST_WORDS_MS = 2_000;
const SOON_MS = 1_000;

/** Opens the list of running requests. */
export function openDrain(): Drain {
  const stops = new Set<AbortController>();
  let state: 'starting' | 'open' | 'draining' = 'starting';
  let draining: Promise<{ aborted: number }> | undefined;
  let onEmpty = () => {};

  const emptyWithin = (ms: number) =>
    new Promise<void>((resolve) => {
      if (stops.size === 0) return resolve();
      const timer = setTimeout(resolve, ms);
      onEmpty = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const run = async (ms: number) => {
    await emptyWithin(ms);
    const late = [...stops];
    for (const stop of late) stop.abort(shuttingDown());
    if (late.length > 0) await emptyWithin(LAST_WORDS_MS);
    return { aborted: late.length };
  };
  return {
    get ready() {
      return state === 'open';
    },
    get running() {
      return stops.size;
    },
    open() {
      if (state === 'starting') state = 'open';
    },
    begin(stop) {
      if (state === 'draining') throw shuttingDown();
      stops.add(stop);
      return () => {
        if (stops.delete(stop) && stops.size === 0) onEmpty();
      };
    },
    drain(ms) {
      state = 'draining';
      draining ??= run(ms);
      return draining;
    },
  };
}

function shuttingDown(): SensoriumError {
  return new SensoriumError('server.shutting-down', 'The server is being stopped.', {
    hint: 'Try again in a moment.',
    details: { retryAfterMs: SOON_MS },
  });
}
