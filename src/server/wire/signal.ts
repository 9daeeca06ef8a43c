import type { FastifyRequest } from 'fastify';

const NEVER = new AbortController().signal;

/** Fires when the client has gone or the server is being stopped. */
export function signalOf(request: Pick<FastifyRequest, 'passage'>): AbortSignal {
  return request.passage?.stop.signal ?? NEVER;
}
