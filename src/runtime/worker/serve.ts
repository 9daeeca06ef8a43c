import { type FromWorker, type ToWorker, toWire } from './protocol.ts';

/** A worker's method: answers with a promise, or with a stream of values. */
export type WorkerMethod = (argument: never, signal: AbortSignal) => Promise<unknown> | AsyncIterable<unknown>;

/**
 * Makes this process a worker that answers its host's calls. Call it once, at the end of a module
 * named `worker.ts`. The process ends when its host does.
 */
export function serve(methods: Readonly<Record<string, WorkerMethod>>): void {
  const open = new Map<number, AbortController>();
  const send = (message: FromWorker) => {
    if (process.connected) process.send?.(message);
  };

  process.on('message', (message: ToWorker) => {
    if (message.kind === 'cancel') {
      open.get(message.id)?.abort();
      return;
    }
    const controller = new AbortController();
    open.set(message.id, controller);
    void answer(message, controller.signal).finally(() => open.delete(message.id));
  });
  // Ctrl-C reaches the whole process group; the host decides when a worker stops.
  process.on('SIGINT', () => {});
  process.on('disconnect', () => process.exit(0));

  async function answer(message: ToWorker & { kind: 'call' }, signal: AbortSignal): Promise<void> {
    try {
      const method = methods[message.method];
      if (!method) throw new Error(`No such worker method: ${message.method}`);
      const outcome = method(message.argument as never, signal);
      let value: unknown;
      if (isStream(outcome)) for await (const chunk of outcome) send({ kind: 'chunk', id: message.id, value: chunk });
      else value = await outcome;
      send({ kind: 'end', id: message.id, value, rssBytes: process.memoryUsage.rss() });
    } catch (error) {
      send({ kind: 'error', id: message.id, error: toWire(error) });
    }
  }
}

function isStream(outcome: object): outcome is AsyncIterable<unknown> {
  return Symbol.asyncIterator in outcome;
}
