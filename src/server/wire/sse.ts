import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';

/** Server-sent events on their way to one client, no faster than it reads them. */
export interface EventStream {
  /** Whether the status and the first bytes are out, so that no other status can be given any more. */
  readonly begun: boolean;
  /** Sends one event; `data` is one line. `false`: wait for `room` before the next. Events sent in one turn leave together. */
  send(data: string): boolean;
  /** Resolves when the client has read enough for more, or is gone. */
  room(): Promise<void>;
  end(): void;
}

/** A stream that is silent for so long says that it is still there; proxies close silent connections. */
const KEEP_ALIVE_MS = 15_000;

/** Opens an event stream as a reply; nothing is sent before the first event, unless work takes long. */
export function eventStream(reply: FastifyReply, headers: Readonly<Record<string, string>> = {}): EventStream {
  const response = reply.raw;
  let begun = false;
  const begin = () => {
    if (begun) return;
    begun = true;
    // From here on the framework must not answer too.
    reply.hijack();
    response.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      ...headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
  };
  const keepAlive = setInterval(() => {
    if (response.writableEnded || response.destroyed) return;
    begin();
    response.write(': still working\n\n');
  }, KEEP_ALIVE_MS).unref();
  response.once('close', () => clearInterval(keepAlive));

  return {
    get begun() {
      return begun;
    },
    send(data) {
      begin();
      return response.destroyed || response.write(`data: ${data}\n\n`);
    },
    room: async () => (response.writableNeedDrain ? drained(response) : undefined),
    end() {
      clearInterval(keepAlive);
      begin();
      response.end();
    },
  };
}

/** Waits until a response takes more, or is gone. */
export function drained(response: ServerResponse): Promise<void> {
  if (response.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const go = () => {
      response.off('drain', go);
      response.off('close', go);
      resolve();
    };
    response.on('drain', go);
    response.on('close', go);
  });
}
