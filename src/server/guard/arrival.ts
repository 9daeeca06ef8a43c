import type { IncomingHttpHeaders } from 'node:http';
import type { Keyring } from './keyring.ts';

/** What is known of a request before its body is read. */
export interface Arrival {
  readonly method: string;
  /** Path with or without a query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Address of the other end of the connection; a proxy's, if there is one. */
  readonly remote: string | undefined;
}

/** What the door goes by. Made once, when the server starts. */
export interface Entrance {
  readonly keyring: Pick<Keyring, 'find' | 'required'>;
  /** Whether the server listens on loopback only. */
  readonly loopback: boolean;
  /** The configured host; a Host header may always say this. */
  readonly host: string;
  readonly corsOrigins: ReadonlySet<string>;
}

/** The host name in a Host header, without its port, in small letters; empty when there is none. */
export function hostNameOf(headers: IncomingHttpHeaders): string {
  const host = headers.host?.toLowerCase() ?? '';
  if (host.startsWith('[')) return host.slice(1, Math.max(1, host.indexOf(']')));
  const colon = host.indexOf(':');
  return colon < 0 ? host : host.slice(0, colon);
}

/** Whether a proxy says that it passed the request on for somebody else. */
export function isForwarded(headers: IncomingHttpHeaders): boolean {
  return (
    headers.forwarded !== undefined || headers['x-forwarded-for'] !== undefined || headers['x-real-ip'] !== undefined
  );
}
