import type { FastifyReply, FastifyRequest } from 'fastify';
import { NOT_STORED } from '../load/idempotency.ts';
import type { Service } from '../service.ts';
import { signalOf } from '../wire/signal.ts';
import { refuseCompressedBody } from './encoding.ts';
import { readForm } from './form.ts';

/** Reads a form with a file, within the server's limits. Such requests are not answered again from memory, and say so. */
export async function readUpload(
  request: FastifyRequest,
  reply: FastifyReply,
  { config }: Service,
): ReturnType<typeof readForm> {
  const maxBytes = config.server.maxBodyMb * 2 ** 20;
  const { 'content-type': contentType, 'content-length': length, 'content-encoding': encoding } = request.headers;
  refuseCompressedBody(encoding);
  if (request.headers['idempotency-key'] !== undefined) reply.headers(NOT_STORED);
  const contentLength = length === undefined ? undefined : Number(length);
  return readForm(request.raw, {
    maxBytes,
    maxPartBytes: maxBytes,
    contentType,
    contentLength,
    signal: signalOf(request),
  });
}
