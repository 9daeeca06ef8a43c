import { lookup } from 'node:dns';
import ipaddr from 'ipaddr.js';
import { SensoriumError } from '#contract/error.ts';

/** Cloud services that answer inside a data centre on an address that looks public (Azure's platform address). */
const INSIDE: ReadonlySet<string> = new Set(['168.63.129.16']);

/**
 * Whether an address belongs to the public internet. Everything else is refused by default: private, loopback, link-local
 * (cloud metadata), carrier-grade NAT, multicast, reserved, and IPv6 forms that carry an IPv4 address inside.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (INSIDE.has(parsed.toString()) || parsed.range() !== 'unicast') return false;
  // IPv4-compatible addresses (::a.b.c.d, deprecated) count as unicast; nothing public lies there.
  return (
    parsed.kind() === 'ipv4' ||
    !parsed
      .toByteArray()
      .slice(0, 12)
      .every((byte) => byte === 0)
  );
}

/** The refusal of a host, which a person can lift only as the operator. */
export function refusedHost(host: string): SensoriumError {
  return new SensoriumError('media.url-refused', `${host} is not an address on the public internet.`, {
    hint: 'Download the file yourself and give its path, or have the operator allow private hosts.',
    details: { host },
  });
}

/**
 * Resolves a host name for one connection and refuses it if any of its addresses is not public. The connection is made to
 * what is returned here, so a name cannot answer differently between check and use.
 */
export function guardedLookup(
  hostname: string,
  options: object,
  done: (error: Error | null, ...result: unknown[]) => void,
): void {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return done(error);
    const first = addresses[0];
    if (!first || !addresses.every(({ address }) => isPublicAddress(address))) return done(refusedHost(hostname));
    if ('all' in options && options.all) return done(null, addresses);
    done(null, first.address, first.family);
  });
}
