import { channel } from '#kit/channel.ts';

/**
 * Runs `source` ahead of its reader: while one stretch is being read the next is being made, but no further. A stretch
 * begins with a value for which `begins` is true. `stop` must make `source` end soon; it is called when the reader leaves.
 */
export async function* oneAhead<T>(
  source: AsyncIterable<T>,
  begins: (value: T) => boolean,
  stop: () => void,
): AsyncGenerator<T> {
  const made = channel<T>();
  let unread = 0;
  let left = false;
  let readOn = () => {};
  const make = async () => {
    for await (const value of source) {
      made.push(value);
      if (begins(value)) unread += 1;
      while (unread > 1 && !left) await new Promise<void>((resolve) => (readOn = resolve));
    }
  };
  const making = make().then(made.end, made.fail);
  try {
    for await (const value of made) {
      if (begins(value)) {
        unread -= 1;
        readOn();
      }
      yield value;
    }
  } finally {
    left = true;
    readOn();
    stop();
    await making;
  }
}
