import type { Refusal, RefusalKind } from './errors.ts';

/** What marks a refusal, and what it means. The first that fits counts. */
const MEANINGS: readonly (readonly [RegExp, RefusalKind])[] = [
  [/data_?inspection_?failed/i, 'refused'],
  [/arrearage|bill_?overdue|commodity_?not_?purchased|free_?tier_?only/i, 'quota-spent'],
  [/invalid_?api_?key|access_?denied/i, 'key-refused'],
  [/model_?not_?found/i, 'unknown-model'],
  [/limit_?requests|throttling/i, 'rate-limited'],
  [/bad_?request\.too_?large/i, 'too-long'],
  [/bad_?request|invalid_?url|unsupported_?operation/i, 'refused'],
  [/internal_?error|system_?error|model_?service_?failed|model_?unavailable|request_?time_?out/i, 'upstream-failed'],
];

const TOO_LONG = /range of input length/i;

/**
 * What DashScope means by a refusal, by its own codes in both their spellings: `limit_requests` of the compatible API,
 * `Throttling.RateQuota` of the native one. Its `insufficient_quota` stands for a rate as well as for an empty account; only
 * a word on when to come back tells them apart. Source: Model Studio's table of errors.
 */
export function classifyDashScope({ marks, message, retryAfterMs = null }: Refusal): RefusalKind | undefined {
  if (/insufficient_quota/.test(marks)) return retryAfterMs === null ? 'quota-spent' : 'rate-limited';
  // Faults in a request also name the part of the server that found them, which did not fail.
  if (/invalid_?parameter/i.test(`${marks} ${message}`)) return TOO_LONG.test(message) ? 'too-long' : 'refused';
  return MEANINGS.find(([pattern]) => pattern.test(marks))?.[1];
}

/** An address of the native API on the server whose compatible API is at `baseUrl`. */
export function nativeUrl(baseUrl: URL, path: string): URL {
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/(?:compatible-mode\/v1|api\/v1)?\/*$/, '')}/api/v1/${path}`;
  return url;
}

/** Where native models of several kinds are asked. */
export const GENERATION = 'services/aigc/multimodal-generation/generation';

/** The refusal in a native answer: a `code` in words, also where the status is 200. */
export function nativeRefusal(status: number | null, json: unknown): Refusal | null {
  const { code, message } = (json ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code !== 'string' || code === '' || /^(?:success|ok|200)$/i.test(code)) return null;
  return { status, message: typeof message === 'string' ? message : '', marks: code };
}
