import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isSensoriumError } from '#contract/error.ts';
import { corsHeaders, preflight } from './cors.ts';
import { admit } from './enter.ts';
import { type GateParts, type Passage, pass } from './gate.ts';
import { securityHeaders } from './headers.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who makes the request and what it holds; `null` for health, metrics and what was refused. */
    passage: Passage | null;
  }
}

const BODY_STALL_MS = 60_000;

/**
 * Puts the gate before every route, also before the answer that there is no such route. Nothing of a body is read until
 * the request is let in. What the request holds is given back, and its work cancelled, when its connection ends.
 */
export function installGate(app: FastifyInstance, parts: GateParts): void {
  const { corsOrigins } = parts.entrance;
  app.decorateRequest('passage', null);
  app.addHook('onRequest', (request, reply, done) => {
    const { raw } = request;
    const arrival = {
      method: raw.method ?? '',
      path: raw.url ?? '',
      headers: raw.headers,
      remote: raw.socket.remoteAddress,
    };
    reply.headers(securityHeaders(arrival)).headers(corsHeaders(arrival, corsOrigins));
    try {
      const allowed = preflight(arrival, corsOrigins);
      if (allowed) {
        void reply.code(204).headers(allowed).send();
        return;
      }
      const key = admit(arrival, parts.entrance);
      if (key) {
        try {
          enter(request, reply, pass(arrival, key, parts), parts.bodyStallMs ?? BODY_STALL_MS);
        } finally {
          reply.headers(parts.rates.headers(key));
        }
      }
      done();
    } catch (error) {
      if (isSensoriumError(error) && error.code === 'server.key-missing') reply.header('www-authenticate', 'Bearer');
      done(error as Error);
    }
  });
}

function enter(request: FastifyRequest, reply: FastifyReply, passage: Passage, bodyStallMs: number): void {
  request.passage = passage;
  reply.raw.once('close', () => {
    const finished = reply.raw.writableFinished;
    if (!finished) passage.stop.abort();
    passage.leave(finished);
  });
  if (passage.bodyBytes === 0) return;
  // Whoever announces a body and does not send it would hold a place for ever. Once the body is here, answering may take
  // as long as it takes, in silence too.
  const { raw } = request;
  raw.socket.setTimeout(bodyStallMs);
  reply.raw.on('timeout', () => {
    if (!raw.complete) raw.socket.destroy();
  });
}
