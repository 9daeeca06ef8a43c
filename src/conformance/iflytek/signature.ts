import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Made-up keys, of no form that is known for keys. */
export const IFLYTEK_TEST_KEYS = {
  appId: 'app5opaque',
  apiKey: 'opaqueApiKey.iflytek.0123456789',
  apiSecret: 'opaqueApiSecret.iflytek.0123456789',
} as const;

/** What of a handshake is looked at. */
export type Handshake = Pick<IncomingMessage, 'url' | 'headers'>;

/** How a handshake is refused. */
export interface HandshakeRefusal {
  readonly status: number;
  readonly message: string;
}

/** The five, in the vendor's words (`research/providers.md` §4.3). */
export const HANDSHAKE_REFUSALS = {
  unauthorized: { status: 401, message: 'Unauthorized' },
  malformed: { status: 401, message: 'HMAC signature cannot be verified' },
  mismatch: { status: 401, message: 'HMAC signature does not match' },
  'clock-skew': {
    status: 403,
    message: 'HMAC signature cannot be verified, a valid date or x-date header is required for HMAC Authentication',
  },
  'address-refused': { status: 403, message: 'Your IP address is not allowed' },
} as const satisfies Record<string, HandshakeRefusal>;

const MOST_SKEW_MS = 300_000;
const AUTHORIZATION =
  /^api_key="([^"]*)", ?algorithm="hmac-sha256", ?headers="host date request-line", ?signature="([A-Za-z0-9+/]{43}=)"$/;

/** Checks the signature in a handshake's address; `null` where it is good. Host and path are those that were asked for. */
export function refusalOf({ url = '/', headers }: Handshake, nowMs: number): HandshakeRefusal | null {
  const { pathname, searchParams } = new URL(url, 'http://x');
  const [authorization, date, host] = ['authorization', 'date', 'host'].map((name) => searchParams.get(name) ?? '');
  if (!authorization || !date || !host) return HANDSHAKE_REFUSALS.unauthorized;
  const origin = /^[A-Za-z0-9+/]+={0,2}$/.test(authorization) ? Buffer.from(authorization, 'base64').toString() : '';
  const [, apiKey, signature = ''] = AUTHORIZATION.exec(origin) ?? [];
  if (apiKey === undefined) return HANDSHAKE_REFUSALS.malformed;
  if (!isRfc1123(date) || Math.abs(Date.parse(date) - nowMs) > MOST_SKEW_MS) return HANDSHAKE_REFUSALS['clock-skew'];
  if (apiKey !== IFLYTEK_TEST_KEYS.apiKey || host !== headers.host) return HANDSHAKE_REFUSALS.mismatch;
  const signed = `host: ${host}\ndate: ${date}\nGET ${pathname} HTTP/1.1`;
  const own = createHmac('sha256', IFLYTEK_TEST_KEYS.apiSecret).update(signed).digest();
  return timingSafeEqual(own, Buffer.from(signature, 'base64')) ? null : HANDSHAKE_REFUSALS.mismatch;
}

function isRfc1123(date: string): boolean {
  return /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(date);
}

/** Checks the other kind of signature: HMAC-SHA1 over the whole query, sorted by name (`research/providers.md` §4.6). */
export function queryRefusalOf({ url = '/' }: Pick<Handshake, 'url'>, nowMs: number): HandshakeRefusal | null {
  const { searchParams } = new URL(url, 'http://x');
  const query = Object.fromEntries(searchParams);
  const { signature, utc = '', uuid, accessKeyId, appId } = query;
  if (!signature || !utc || !uuid || !accessKeyId || !appId) return HANDSHAKE_REFUSALS.unauthorized;
  const at = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+\d\d)(\d\d)$/.exec(utc);
  if (!at) return HANDSHAKE_REFUSALS.malformed;
  if (Math.abs(Date.parse(`${at[1]}:${at[2]}`) - nowMs) > MOST_SKEW_MS) return HANDSHAKE_REFUSALS['clock-skew'];
  const names = Object.keys(query).filter((name) => name !== 'signature' && query[name] !== '');
  const text = names.sort().map((name) => `${name}=${encodeURIComponent(query[name] ?? '')}`);
  const own = createHmac('sha1', IFLYTEK_TEST_KEYS.apiSecret).update(text.join('&')).digest('base64');
  const isOurs = accessKeyId === IFLYTEK_TEST_KEYS.apiKey && appId === IFLYTEK_TEST_KEYS.appId;
  return isOurs && signature === own ? null : HANDSHAKE_REFUSALS.mismatch;
}
