import { setTimeout as sleep } from 'node:timers/promises';
import { isSensoriumError, type SensoriumError } from '#contract/error.ts';
import { cancelled, throwIfCancelled } from '#kit/abort.ts';
import { type HttpReply, request } from '#kit/http.ts';
import { isBroken, oneLine } from '#upstream/errors.ts';
import { AGENT, addressBelow } from '#upstream/request.ts';
import { retryAfterMs } from '#upstream/send.ts';
import { diskFull, unknownSpace, unreachable, unusable } from '../remote/errors.ts';

export interface ClientOptions {
  /** Its REST address, `http://127.0.0.1:6333` or one with https. */
  readonly url: URL;
  readonly apiKey: string | null;
  readonly connectTimeoutMs?: number | undefined;
  /** How long a request may take from its beginning to the end of its answer. */
  readonly requestTimeoutMs?: number | undefined;
  readonly retryBaseMs?: number | undefined;
}

type Method = 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';

/** Qdrant's REST API. */
export interface QdrantClient {
  readonly where: string;
  /** What it answers as `result`. Every request it is used for can be sent twice without harm, so a broken connection is tried again. */
  call(method: Method, path: string, body: object | null, signal: AbortSignal): Promise<unknown>;
  /** The same; `null` where what is asked for is not there. */
  find(path: string, signal: AbortSignal): Promise<unknown>;
  /** Makes what may be there already, because somebody else was quicker. */
  make(path: string, body: object, signal: AbortSignal): Promise<void>;
  /** What it says of itself, which comes without the envelope that all else is in. */
  about(signal: AbortSignal): Promise<unknown>;
}

const MAX_RETRIES = 2;
const LONGEST_PAUSE_MS = 10_000;
/** More than 16,384 hits of 4 KB. */
const MOST_ANSWER_BYTES = 64 * 1024 * 1024;
const REFUSALS_SHOWN_CHARS = 200;

/** Makes a client; nothing is sent yet. Source: Qdrant's OpenAPI document, paths and `ErrorResponse`, 2026-11. */
export function qdrantClient(options: ClientOptions): QdrantClient {
  const { url, apiKey, connectTimeoutMs = 5_000, requestTimeoutMs = 60_000, retryBaseMs = 200 } = options;
  const where = url.host;
  const headers = {
    ...AGENT,
    'content-type': 'application/json',
    ...(apiKey === null ? {} : { 'api-key': apiKey }),
  };

  async function once(method: Method, path: string, body: string | null, signal: AbortSignal): Promise<Answer> {
    const limit = AbortSignal.timeout(requestTimeoutMs);
    try {
      const reply = await request(addressBelow(url, path), {
        method,
        headers,
        ...(body === null ? {} : { body }),
        signal: AbortSignal.any([signal, limit]),
        connectTimeoutMs,
        headTimeoutMs: requestTimeoutMs,
        stallTimeoutMs: requestTimeoutMs,
      });
      return { status: reply.status, pauseMs: retryAfterMs(reply.headers), text: await textOf(reply, where) };
    } catch (error) {
      if (signal.aborted) throw cancelled(signal);
      if (limit.aborted) throw unreachable(where, `it did not answer within ${requestTimeoutMs} ms`, error);
      throw error;
    }
  }

  async function patiently(method: Method, path: string, body: string | null, signal: AbortSignal): Promise<Answer> {
    for (let retry = 0; ; retry++) {
      throwIfCancelled(signal);
      let pauseMs = retryBaseMs * 2 ** retry;
      try {
        const answer = await once(method, path, body, signal);
        const isPassing = answer.status === 429 || answer.status === 503;
        if (!isPassing || retry >= MAX_RETRIES || (answer.pauseMs ?? 0) > LONGEST_PAUSE_MS) return answer;
        pauseMs = answer.pauseMs ?? pauseMs;
      } catch (error) {
        if (isSensoriumError(error)) throw error;
        if (!isBroken(error) || retry >= MAX_RETRIES) throw unreachable(where, reasonOf(error), error);
      }
      await sleep(pauseMs, undefined, { signal }).catch(() => {
        throw cancelled(signal);
      });
    }
  }

  async function ask(method: Method, path: string, body: object | null, signal: AbortSignal): Promise<Answer> {
    return patiently(method, path, body === null ? null : JSON.stringify(body), signal);
  }

  return {
    where,
    async call(method, path, body, signal) {
      const answer = await ask(method, path, body, signal);
      if (answer.status === 404) throw unknownSpace(nameIn(path));
      return resultOf(answer, where, apiKey);
    },
    async make(path, body, signal) {
      const answer = await ask('PUT', path, body, signal);
      if (answer.status !== 409 && !/already exists/.test(answer.text)) resultOf(answer, where, apiKey);
    },
    async about(signal) {
      const answer = await ask('GET', '', null, signal);
      const about = parsed(answer.text);
      if (answer.status < 200 || answer.status > 299 || about === null)
        throw refusalOf(answer.status, about, where, apiKey);
      return about;
    },
    async find(path, signal) {
      const answer = await ask('GET', path, null, signal);
      return answer.status === 404 ? null : resultOf(answer, where, apiKey);
    },
  };
}

interface Answer {
  readonly status: number;
  readonly pauseMs: number | null;
  readonly text: string;
}

function resultOf({ status, text }: Answer, where: string, apiKey: string | null): unknown {
  const answer = parsed(text);
  if (status >= 200 && status < 300 && answer !== null && 'result' in answer) return answer.result;
  throw refusalOf(status, answer, where, apiKey);
}

function refusalOf(
  status: number,
  answer: Readonly<Record<string, unknown>> | null,
  where: string,
  apiKey: string | null,
): SensoriumError {
  const { error } = (answer?.status ?? {}) as { error?: unknown };
  const said = typeof error === 'string' ? error : '';
  const shown = oneLine(apiKey ? said.replaceAll(apiKey, '[key]') : said).slice(0, REFUSALS_SHOWN_CHARS);
  if (status === 401 || status === 403) {
    return unusable(
      where,
      `it refused the key (${status})`,
      'Set store.apiKey to a key that may read and write there.',
    );
  }
  if (answer === null && status < 500 && status !== 429) {
    return unusable(
      where,
      `what answers there (${status}) is no Qdrant`,
      'Is this the address of its REST API? Its port is usually 6333.',
    );
  }
  if (status === 507 || /no space left|disk space/i.test(said)) return diskFull(where);
  if (status >= 500 || status === 429)
    return unreachable(where, `it answered ${status}: ${shown || 'no reason given'}`);
  return unusable(
    where,
    `it answered ${status}: ${shown || 'no reason given'}`,
    'Is it a Qdrant of 1.16 or newer? If it stays so, this is a bug.',
  );
}

async function textOf(reply: HttpReply, where: string): Promise<string> {
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  for await (const piece of reply.body) {
    pieces.push(piece);
    sizeBytes += piece.length;
    if (sizeBytes > MOST_ANSWER_BYTES) {
      throw unusable(where, `it answered with more than ${MOST_ANSWER_BYTES} bytes`, 'Ask for fewer items at once.');
    }
  }
  return Buffer.concat(pieces).toString('utf8');
}

function parsed(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function nameIn(path: string): string {
  return path.split('/')[1]?.split('?')[0] ?? path;
}

function reasonOf(thrown: unknown): string {
  const error = thrown as { code?: unknown; errors?: { code?: unknown }[] };
  return String(error.code ?? error.errors?.[0]?.code ?? 'the connection broke');
}
