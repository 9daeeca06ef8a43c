import type { FastifyReply, FastifyRequest } from 'fastify';
import type { JsonBody } from '../intake/json-body.ts';
import { fingerprint, type Replays, type StoredAnswer } from '../load/idempotency.ts';
import { signalOf } from './signal.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Sends a JSON answer; a repetition under the same `Idempotency-Key` is sent what the first was answered. */
export async function sendOnce(
  request: FastifyRequest,
  reply: FastifyReply,
  replays: Replays,
  body: JsonBody,
  work: () => Promise<string>,
): Promise<FastifyReply> {
  const key = request.headers['idempotency-key'];
  reply.header('content-type', JSON_TYPE);
  if (typeof key !== 'string') return reply.send(await work());
  const repeatable = {
    caller: request.passage?.key.id ?? '',
    key,
    fingerprint: printOf(request.url, body),
    signal: signalOf(request),
  };
  const { answer, headers } = await replays.run(
    repeatable,
    async (): Promise<StoredAnswer> => ({ status: 200, headers: {}, body: await work() }),
  );
  return reply.headers(headers).send(answer.body);
}

/** The body with each medium’s own hash where a file stands for it. */
function printOf(path: string, { json, mediumOf }: JsonBody): string {
  const text = JSON.stringify(json, (_key, value) => {
    const medium = typeof value === 'string' ? mediumOf(value) : null;
    return medium?.kind === 'spooled' ? medium.spool.sha256 : value;
  });
  return fingerprint(path, text);
}
