import { setTimeout as sleep } from 'node:timers/promises';
import { SensoriumError } from '#contract/error.ts';
import { cancelled, throwIfCancelled } from '#kit/abort.ts';
import { type HttpReply, request } from '#kit/http.ts';
import { connectionError, isBroken, type Peer, type Refusal, readRefusal, refusalError } from './errors.ts';
import type { Body } from './media-body.ts';

/** How long this dialect waits. Defaults: a minute for the head, a minute of silence in a stream, half a second before a retry. */
export interface Patience {
  readonly headTimeoutMs: number;
  /** The same for an answer in one piece, whose head comes when the model has written it all. */
  readonly wholeTimeoutMs: number;
  readonly stallTimeoutMs: number;
  readonly retryBaseMs: number;
}

export const PATIENCE: Patience = {
  headTimeoutMs: 60_000,
  wholeTimeoutMs: 600_000,
  stallTimeoutMs: 60_000,
  retryBaseMs: 500,
};

const MAX_RETRIES = 2;
/** A server that asks for a longer pause than this is not waited for: a person is. */
const LONGEST_PAUSE_MS = 10_000;
const MAX_REFUSAL_BYTES = 64 * 1024;

/** What came of sending: a reply to read, or a refusal to look at before it is thrown. */
export type Outcome =
  | { readonly kind: 'reply'; readonly reply: HttpReply }
  | { readonly kind: 'refusal'; readonly refusal: Refusal; readonly error: SensoriumError };

/**
 * Sends a request and waits for the head of a good reply. Tries again, at most twice and ever later, while nothing has
 * come back yet: when the connection broke, and on 408, 409, 429 and 5xx unless the server says that it is no use.
 */
export async function send(
  url: URL,
  options: {
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Body;
    readonly peer: Peer;
    readonly patience: Patience;
    readonly headTimeoutMs: number;
    readonly signal: AbortSignal;
  },
): Promise<Outcome> {
  const { body, peer, patience, headTimeoutMs, signal } = options;
  const { stallTimeoutMs } = patience;
  const headers =
    typeof body === 'string' ? options.headers : { ...options.headers, 'content-length': String(body.sizeBytes) };
  for (let retry = 0; ; retry++) {
    throwIfCancelled(signal);
    let pauseMs: number | null;
    try {
      const content = typeof body === 'string' ? body : body.open();
      const reply = await request(url, {
        method: 'POST',
        headers,
        body: content,
        signal,
        headTimeoutMs,
        stallTimeoutMs,
      });
      if (reply.status >= 200 && reply.status < 300) return { kind: 'reply', reply };
      const refusal = readRefusal(reply.status, await readText(reply, MAX_REFUSAL_BYTES));
      pauseMs = pauseBefore(retry, refusal, reply.headers, patience);
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
function pauseBefore(
  retry: number,
  refusal: Refusal,
  headers: HttpReply['headers'],
  patience: Patience,
): number | null {
  const { status, marks } = refusal;
  if (status === null || headers['x-should-retry'] === 'false') return null;
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
