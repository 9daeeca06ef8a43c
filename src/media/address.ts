import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns';
import ipaddr from 'ipaddr.js';
import { SensoriumError } from '#contract/error.ts';
import type { HttpRequest } from '#kit/http.ts';

/** Cloud services that answer inside a data centre on an address that looks public (Azure's platform address). */
const INSIDE: ReadonlySet<string> = new Set(['168.63.129.16']);

/** All that has been given out of IPv6 for the public internet (RFC 4291, IANA). */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');

/**
 * Whether an address belongs to the public internet. Everything else is refused by default: private, loopback, link-local
 * (cloud metadata), carrier-grade NAT, multicast, reserved, and IPv6 forms that carry an IPv4 address inside.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (INSIDE.has(parsed.toString()) || parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || parsed.match(GLOBAL_UNICAST);
}

/** The refusal of a host, which a person can lift only as the operator. */
export function refusedHost(host: string): SensoriumError {
  return new SensoriumError('media.url-refused', `${host} is not an address on the public internet.`, {
    hint: 'Download the file yourself and give its path, or have the operator allow private hosts.',
    details: { host },
  });
}

export type Lookup = NonNullable<HttpRequest['lookup']>;
type Resolver = (
  hostname: string,
  options: LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * Resolves host names, each once for one connection, and refuses a name if any of its addresses is not `allowed`. The
 * connection is made to what is returned here, so a name cannot answer differently between check and use.
 */
export function guardedLookup(resolve: Resolver = lookup, allowed = isPublicAddress): Lookup {
  return (hostname, options, done) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error);
      const first = addresses[0];
      if (!first || !addresses.every(({ address }) => allowed(address))) return done(refusedHost(hostname));
      if ('all' in options && options.all) return done(null, addresses);
      done(null, first.address, first.family);
    });
  };
}
