import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { SensoriumError } from '#contract/error.ts';
import type { Keyring } from './keyring.ts';

/** Whether an address can be reached from this machine only. */
export function isLoopbackAddress(address: string | undefined): boolean {
  if (address === undefined) return false;
  if (address === '127.0.0.1' || address === '::1') return true;
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
}

/** Whether a name in a Host header can only mean this machine. No resolver is asked: a hostile one could say anything. */
export function isLoopbackName(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost') || isLoopbackAddress(name);
}

/**
 * Refuses to listen beyond loopback unless a key protects the server; says whether the host is loopback. A name counts as
 * loopback only if each of its addresses is. Throws `server.cannot-listen` with the command to run.
 */
export async function mustHaveKeys(host: string, keyring: Pick<Keyring, 'usable' | 'guessable'>): Promise<boolean> {
  if (await isLoopbackHost(host)) return true;
  if (!keyring.usable) {
    throw new SensoriumError('server.cannot-listen', `Listening on ${host} would let others in, and there is no key.`, {
      hint: 'Run `sensorium keys create`, or listen on 127.0.0.1.',
      details: { host },
    });
  }
  if (keyring.guessable) {
    throw new SensoriumError(
      'server.cannot-listen',
      'server.apiKey is shorter than 16 characters and can be guessed.',
      {
        hint: 'Run `sensorium keys create` and remove server.apiKey (SENSORIUM_API_KEY), or make it longer.',
        details: { host },
      },
    );
  }
  return false;
}

async function isLoopbackHost(host: string): Promise<boolean> {
  if (isIP(host) !== 0) return isLoopbackAddress(host);
  // Odd spellings such as `0` or `127.1` are resolved too, exactly as listening will do it.
  const addresses = host === '' ? [] : await lookup(host, { all: true }).catch(() => []);
  return addresses.length > 0 && addresses.every(({ address }) => isLoopbackAddress(address));
}
