import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { type Body, isObject } from './body.ts';

/** The way an answer goes back: event by event, or whole. */
export interface Reply {
  readonly streams: boolean;
  readonly tellsUsage: boolean;
  /** One event of a stream; waits while the reader is behind. */
  event(json: object): Promise<void>;
  done(): void;
  whole(json: object): void;
}

/** The way a body wants its answer. */
export function replyTo(body: Body, response: ServerResponse, signal: AbortSignal): Reply {
  const streams = body.stream === true;
  return {
    streams,
    tellsUsage: isObject(body.stream_options) && body.stream_options.include_usage === true,
    async event(json) {
      if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      if (!response.write(`data: ${JSON.stringify(json)}\n\n`)) await once(response, 'drain', { signal });
    },
    done: () => void response.end('data: [DONE]\n\n'),
    whole(json) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(json));
    },
  };
}
