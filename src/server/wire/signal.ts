import type { FastifyRequest } from 'fastify';

/** Fires when the client has gone or the server is being stopped. */
export function signalOf(request: Pick<FastifyRequest, 'passage'>): AbortSignal {
  return stopOf(request).signal;
}

/** Ends the work on a request. */
export function stopOf({ passage }: Pick<FastifyRequest, 'passage'>): AbortController {
  return passage?.stop ?? new AbortController();
}
