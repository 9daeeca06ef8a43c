import type { FastifyRequest } from 'fastify';
import { SensoriumError } from '#contract/error.ts';
import type { JsonBody } from '../intake/json-body.ts';

/** The JSON body of a request. Throws `server.bad-request` when it has none. */
export function bodyOf(request: FastifyRequest): JsonBody {
  const body = request.body as JsonBody | undefined;
  if (body) return body;
  throw new SensoriumError('server.bad-request', 'The request has no body.', {
    hint: 'Send JSON with the header Content-Type: application/json.',
  });
}
