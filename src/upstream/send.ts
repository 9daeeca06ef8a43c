import { setTimeout as sleep } from 'node:timers/promises';
import { SensoriumError } from '#contract/error.ts';
import { cancelled, throwIfCancelled } from '#kit/abort.ts';
import { type HttpReply, request } from '#kit/http.ts';
import { breaker } from './breaker.ts';
import { connectionError, isBroken, type Peer, type Refusal, readRefusal, refusalError } from './errors.ts';
import type { Body } from './media-body.ts';

/**
 * How long a server is waited for. Defaults: five seconds for a connection, a minute for the head, a minute of silence in a
 * stream, half a second before a retry.
 */
export interface Patience {
  readonly connectTimeoutMs: number;
  readonly headTimeoutMs: number;
  /** The same for an answer in one piece, whose head comes when the model has written it all. */
  readonly wholeTimeoutMs: number;
  readonly stallTimeoutMs: number;
  readonly retryBaseMs: number;
  /** So many requests in a row must come to nothing before the server is left alone; 0 never leaves it. */
  readonly failuresBeforeRest: number;
}

export const PATIENCE: Patience = {
  connectTimeoutMs: 5_000,
  headTimeoutMs: 60_000,
  wholeTimeoutMs: 600_000,
  stallTimeoutMs: 60_000,
  retryBaseMs: 500,
  failuresBeforeRest: 5,
};

const MAX_RETRIES = 2;
/** A server that asks for a longer pause than this is not waited for: a person is. */
const LONGEST_PAUSE_MS = 10_000;
const MAX_REFUSAL_BYTES = 64 * 1024;

/** What came of sending: a reply to read, or a refusal to look at before it is thrown. */
export type Outcome =
  | { readonly kind: 'reply'; readonly reply: HttpReply }
  | { readonly kind: 'refusal'; readonly refusal: Refusal; readonly error: SensoriumError };

const resting = breaker();

export interface Sending {
  /** Made anew for each try where it is a function: a signature may hold the time. */
  readonly headers: Readonly<Record<string, string>> | (() => Readonly<Record<string, string>>);
  readonly method?: 'GET' | 'POST' | undefined;
  readonly body: Body | Uint8Array | null;
  readonly peer: Peer;
  readonly patience: Patience;
  readonly headTimeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Sends a request and waits for the head of a good reply. Tries again, at most twice and ever later, while nothing has
 * come back yet: when the connection broke, and on 408, 409, 429 and 5xx unless the server says that it is no use, or its
 * vendor's own table of errors does. A server on which several requests in a row came to nothing is left alone for a
 * while: it is `unreachable` at once.
 */
export async function send(url: URL, sending: Sending): Promise<Outcome> {
  const { peer, patience, signal } = sending;
  const { origin } = url;
  const counts = patience.failuresBeforeRest > 0;
  if (counts) mustNotRest(origin, peer, patience);
  try {
    const outcome = await sendPatiently(url, sending);
    if (outcome.kind === 'refusal' && isSick(outcome.refusal.status, sending)) resting.failed(origin);
    else resting.succeeded(origin);
    return outcome;
  } catch (error) {
    if (signal.aborted) resting.left(origin);
    else resting.failed(origin);
    throw error;
  }
}

async function sendPatiently(url: URL, sending: Sending): Promise<Outcome> {
  const { body, peer, patience, headTimeoutMs, signal } = sending;
  const { stallTimeoutMs, connectTimeoutMs } = patience;
  const streamed = body !== null && typeof body === 'object' && 'open' in body ? body : null;
  for (let retry = 0; ; retry++) {
    throwIfCancelled(signal);
    let pauseMs: number | null;
    try {
      const own = typeof sending.headers === 'function' ? sending.headers() : sending.headers;
      const content = streamed ? streamed.open() : (body as string | Uint8Array | null);
      const reply = await request(url, {
        method: sending.method ?? 'POST',
        headers: streamed ? { ...own, 'content-length': String(streamed.sizeBytes) } : own,
        ...(content === null ? {} : { body: content }),
        signal,
        connectTimeoutMs,
        headTimeoutMs,
        stallTimeoutMs,
      });
      if (reply.status >= 200 && reply.status < 300) return { kind: 'reply', reply };
      const said = readRefusal(reply.status, await readText(reply, MAX_REFUSAL_BYTES));
      const refusal = { ...said, retryAfterMs: retryAfterMs(reply.headers) };
      pauseMs = pauseBefore(retry, refusal, sending, reply.headers);
      const error = withPause(refusalError(refusal, peer), reply.headers);
      if (pauseMs === null || retry >= MAX_RETRIES) return { kind: 'refusal', refusal, error };
    } catch (thrown) {
      if (!isBroken(thrown) || signal.aborted || retry >= MAX_RETRIES) {
        throw connectionError(thrown, 'connecting', peer, signal);
      }
      pauseMs = backoffMs(retry, patience);
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => {
      throw cancelled(signal);
    });
  }
}

/** A server, or what stands before it, that cannot answer anybody. */
function isSick(status: number | null, sending: Sending): boolean {
  return status === 502 || status === 503 || status === 504 || (status === 500 && !hasMedia(sending));
}

/** A server that cannot make sense of a medium may say so with 500 and be in good health (vLLM does). */
function hasMedia({ body }: Sending): boolean {
  return body !== null && typeof body !== 'string';
}

function mustNotRest(origin: string, peer: Peer, { failuresBeforeRest }: Patience): void {
  const restMs = resting.restMs(origin, failuresBeforeRest);
  if (restMs === 0) return;
  const seconds = Math.ceil(restMs / 1000);
  throw new SensoriumError(`${peer.stage}.unreachable`, `${peer.host} failed again and again, and is left alone.`, {
    hint: `It may be asked again in ${seconds} s. Is the server well, and is its base URL right?`,
    details: { host: peer.host, model: peer.model, retryAfterMs: Math.ceil(restMs) },
  });
}

/** The beginning of a reply's text, of at least `maxBytes` if there is as much. */
export async function readText(reply: HttpReply, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of reply.body) {
    chunks.push(chunk);
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** How long to wait before asking again, or `null` when that is no use. */
function pauseBefore(retry: number, refusal: Refusal, sending: Sending, headers: HttpReply['headers']): number | null {
  const { peer, patience } = sending;
  const { status, marks } = refusal;
  if (status === null || headers['x-should-retry'] === 'false') return null;
  if (status === 500 && hasMedia(sending)) return null;
  const known = peer.classify?.(refusal);
  if (known !== undefined && known !== 'rate-limited' && known !== 'upstream-failed') return null;
  const passing = [408, 409, 429].includes(status) || (status >= 500 && status !== 501);
  if (headers['x-should-retry'] !== 'true' && !passing) return null;
  const wantedMs = retryAfterMs(headers);
  // Some servers use this mark for a rate as well; only then do they say when to come back.
  if (/insufficient_quota/.test(marks) && wantedMs === null) return null;
  if (wantedMs !== null) return wantedMs <= LONGEST_PAUSE_MS ? wantedMs : null;
  return backoffMs(retry, patience);
}

/** Doubles each time, less up to a quarter by chance so that many clients do not come back together. */
function backoffMs(retry: number, { retryBaseMs }: Patience): number {
  return retryBaseMs * 2 ** retry * (1 - Math.random() / 4);
}

/** `retry-after-ms`, or `Retry-After` as seconds or as a date (RFC 9110 §10.2.3). */
export function retryAfterMs(headers: HttpReply['headers'], nowEpochMs = Date.now()): number | null {
  const ms = Number.parseFloat(headers['retry-after-ms'] ?? '');
  if (Number.isFinite(ms)) return Math.max(0, ms);
  const after = headers['retry-after']?.trim() ?? '';
  if (/^\d+(?:\.\d+)?$/.test(after)) return Number.parseFloat(after) * 1000;
  // Without a letter it is no date, though Date.parse would make one of it.
  const date = /[a-z]/i.test(after) ? Date.parse(after) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - nowEpochMs);
}

function withPause(error: SensoriumError, headers: HttpReply['headers']): SensoriumError {
  const waitMs = retryAfterMs(headers);
  if (waitMs === null || !error.retryable) return error;
  return new SensoriumError(error.code, error.message, {
    hint: `Ask again in ${Math.ceil(waitMs / 1000)} s.`,
    details: { ...error.details, retryAfterMs: waitMs },
  });
}
