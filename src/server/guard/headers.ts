import { type Arrival, hostNameOf } from './arrival.ts';
import { isLoopbackName } from './listen.ts';

/** What every answer carries, so that a browser which meets it does nothing with it. Answers are private: nobody caches. */
const PLAIN = Object.freeze({
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
});

const OVER_TLS = Object.freeze({ ...PLAIN, 'strict-transport-security': 'max-age=31536000' });

/**
 * The security headers of an answer. Strict transport only where a proxy says that it came over TLS, and never for
 * localhost, where it would lock every other program on the machine out of plain HTTP.
 */
export function securityHeaders({ headers }: Pick<Arrival, 'headers'>): Readonly<Record<string, string>> {
  return headers['x-forwarded-proto'] === 'https' && !isLoopbackName(hostNameOf(headers)) ? OVER_TLS : PLAIN;
}
