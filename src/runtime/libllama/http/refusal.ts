import type { ServerResponse } from 'node:http';
import { isSensoriumError } from '#contract/error.ts';

/** A refusal with its HTTP status, in the envelope that vLLM gives its errors. */
export class Refusal extends Error {
  readonly status: number;
  readonly param: string | null;

  constructor(status: number, message: string, param: string | null = null) {
    super(message);
    this.status = status;
    this.param = param;
  }
}

/** Refuses a field of a body. */
export function badField(param: string, must: string): Refusal {
  return new Refusal(400, `\`${param}\` ${must}`, param);
}

const TYPES: Readonly<Record<number, string>> = {
  400: 'BadRequestError',
  401: 'AuthenticationError',
  404: 'NotFoundError',
  405: 'MethodNotAllowedError',
  413: 'PayloadTooLargeError',
};

/** Anything thrown, as vLLM would tell it: its status and its body. */
export function envelopeOf(thrown: unknown): { readonly status: number; readonly body: object } {
  const { status, message, param } = toRefusal(thrown);
  const type = TYPES[status] ?? 'InternalServerError';
  return { status, body: { error: { message, type, param, code: status } } };
}

/** Tells an error, if nothing of an answer is out yet; otherwise as the last event of the stream. */
export function sendError(response: ServerResponse, thrown: unknown): void {
  const { status, body } = envelopeOf(thrown);
  if (response.destroyed) return;
  if (response.headersSent) {
    response.end(`data: ${JSON.stringify(body)}\n\ndata: [DONE]\n\n`);
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function toRefusal(thrown: unknown): Refusal {
  if (thrown instanceof Refusal) return thrown;
  if (isSensoriumError(thrown)) {
    const code = typeof thrown.details.code === 'string' ? ` (${thrown.details.code})` : '';
    return new Refusal(thrown.blame === 'caller' ? 400 : 500, `${thrown.message}${code}`);
  }
  return new Refusal(500, thrown instanceof Error ? thrown.message : 'Something broke.');
}
