import { SensoriumError } from '#contract/error.ts';
import type { Arrival } from './arrival.ts';

type Headers = Readonly<Record<string, string>>;

const NONE: Headers = Object.freeze({});
const READABLE = [
  'x-request-id',
  'retry-after',
  'retry-after-ms',
  'x-ratelimit-limit-requests',
  'x-ratelimit-remaining-requests',
  'x-ratelimit-reset-requests',
  'idempotent-replayed',
  'idempotent-stored',
].join(', ');

/** The configured origins in the spelling that browsers send. Throws `config.invalid`. */
export function originSet(origins: readonly string[]): ReadonlySet<string> {
  return new Set(
    origins.map((text) => {
      const origin = text.toLowerCase().replace(/\/$/, '');
      // Not only http: extensions and apps have schemes of their own.
      if (/^[a-z][a-z0-9+.-]*:\/\/[^/\s*]+$/.test(origin)) return origin;
      throw new SensoriumError('config.invalid', 'Setting server.corsOrigins holds something that is no origin.', {
        hint: 'Write scheme, host and port only, for example https://app.example.com; there is no wildcard.',
        details: { setting: 'server.corsOrigins' },
      });
    }),
  );
}

/** The headers that let a page of a configured origin read the answer; none when no origin is configured. */
export function corsHeaders({ headers }: Pick<Arrival, 'headers'>, corsOrigins: ReadonlySet<string>): Headers {
  if (corsOrigins.size === 0) return NONE;
  const { origin } = headers;
  if (origin === undefined || !corsOrigins.has(origin)) return { vary: 'Origin' };
  return { vary: 'Origin', 'access-control-allow-origin': origin, 'access-control-expose-headers': READABLE };
}

/**
 * The answer to a browser that asks, before the real request, whether a page may send it; `null` when this is no such
 * question. It carries no key, so it must be answered before keys are looked at. Cookies are never allowed: keys travel
 * in a header. Throws `server.origin-refused`.
 */
export function preflight({ headers, method }: Arrival, corsOrigins: ReadonlySet<string>): Headers | null {
  const { origin } = headers;
  if (method !== 'OPTIONS' || origin === undefined) return null;
  if (headers['access-control-request-method'] === undefined) return null;
  if (!corsOrigins.has(origin)) {
    throw new SensoriumError('server.origin-refused', 'A web page of another origin may not call this server.', {
      hint: 'Add the page’s origin to server.corsOrigins.',
    });
  }
  const wanted = headers['access-control-request-headers'];
  return {
    vary: 'Origin, Access-Control-Request-Headers',
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'GET, POST, DELETE',
    'access-control-max-age': '600',
    ...(wanted === undefined ? {} : { 'access-control-allow-headers': wanted }),
    ...(headers['access-control-request-private-network'] === 'true'
      ? { 'access-control-allow-private-network': 'true' }
      : {}),
  };
}
