import type { Logger } from 'pino';
import { httpError } from '../errors.ts';
import type { EventStream } from './sse.ts';

/**
 * Tells a failure to whoever reads a stream: its status is out, so the error goes where the rest of the answer would have
 * gone. While nothing is out the failure can still have its own status, and is thrown.
 */
export function breakOff(out: EventStream, error: unknown, requestId: string, log: Logger): void {
  if (!out.begun) throw error;
  const { body } = httpError(error, requestId);
  out.send(JSON.stringify(body));
  log.warn({ request: requestId, code: body.error.code }, 'stream broken off');
}
