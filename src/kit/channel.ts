/** A queue between one or more writers and one reader: push from anywhere, read with `for await`. */
export interface Channel<T> extends AsyncIterable<T> {
  push(value: T): void;
  /** No more values; the reader drains what is there and then stops. */
  end(): void;
  /** The reader drains what is there and then gets this thrown. */
  fail(error: unknown): void;
}

/** Makes a channel. Unbounded: use it where the writer is slower than the reader or the volume is small. */
export function channel<T>(): Channel<T> {
  const waiting: T[] = [];
  let closed: { error?: unknown } | null = null;
  let wake: (() => void) | null = null;

  const rouse = () => {
    wake?.();
    wake = null;
  };
  const close = (how: { error?: unknown }) => {
    closed ??= how;
    rouse();
  };

  return {
    push(value) {
      if (closed) return;
      waiting.push(value);
      rouse();
    },
    end: () => close({}),
    fail: (error) => close({ error }),
    async *[Symbol.asyncIterator]() {
      for (;;) {
        while (waiting.length > 0) yield waiting.shift() as T;
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
