import { SourceFailure } from './source.ts';

// A machine behind a registry proxy asks the same dead hub once for each of sixty files; the first answer is enough.
const unreachable = new Map<string, string>();

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

/** Fails at once when this place could not be reached earlier in the life of this process. */
export function refuseUnreachable(place: string): void {
  const why = unreachable.get(place);
  if (why) throw new SourceFailure(why);
}

/** Remembers that a place cannot be reached and gives the failure to throw. */
export function markUnreachable(place: string, why: string): SourceFailure {
  unreachable.set(place, why);
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
