/** A queue between one or more writers and one reader: push from anywhere, read with `for await`. */
export interface Channel<T> extends AsyncIterable<T> {
  push(value: T): void;
  /** No more values; the reader drains what is there and then stops. */
  end(): void;
  /** The reader drains what is there and then gets this thrown. */
  fail(error: unknown): void;
  /** Waits while more than `most` values lie unread, so that a slow reader slows its writer. */
  room(most: number): Promise<void>;
}

/** Makes a channel. Unbounded unless its writers wait for `room`. */
export function channel<T>(): Channel<T> {
  const waiting: T[] = [];
  let closed: { error?: unknown } | null = null;
  let wake: (() => void) | null = null;
  let drained: (() => void)[] = [];
  const onRead = () => {
    const ready = drained;
    drained = [];
    for (const go of ready) go();
  };

  const rouse = () => {
    wake?.();
    wake = null;
  };
  const close = (how: { error?: unknown }) => {
    closed ??= how;
    rouse();
    onRead();
  };

  return {
    push(value) {
      if (closed) return;
      waiting.push(value);
      rouse();
    },
    end: () => close({}),
    fail: (error) => close({ error }),
    async room(most) {
      while (waiting.length > most && !closed) await new Promise<void>((go) => drained.push(go));
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        while (waiting.length > 0) {
          const value = waiting.shift() as T;
          if (drained.length > 0) onRead();
          yield value;
        }
        if (closed) {
          if ('error' in closed) throw closed.error;
          return;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
