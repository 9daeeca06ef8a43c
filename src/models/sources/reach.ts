import { SourceFailure } from './source.ts';

// A machine behind a registry proxy asks the same dead hub once for each of sixty files; the first answer is enough. A server that
// runs for months must not take a network that was away for a moment for one that is not there.
const unreachable = new Map<string, { readonly why: string; readonly untilMs: number }>();
const REST_MS = 600_000;

const NOT_THERE = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
]);

/** Fails at once when this place could not be reached within the last ten minutes. */
export function refuseUnreachable(place: string, nowMs = Date.now()): void {
  const known = unreachable.get(place);
  if (known && nowMs < known.untilMs) throw new SourceFailure(known.why);
}

/** Remembers that a place cannot be reached and gives the failure to throw. */
export function markUnreachable(place: string, why: string, nowMs = Date.now()): SourceFailure {
  unreachable.set(place, { why, untilMs: nowMs + REST_MS });
  return new SourceFailure(why);
}

/** Tells a place that is not there from one that answered badly. */
export function meansNotThere(error: unknown): boolean {
  return NOT_THERE.has(errorCode(error));
}

/** The `code` of a system error, or an empty string. */
export function errorCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}
