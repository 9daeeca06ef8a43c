import type { IncomingHttpHeaders } from 'node:http';
import { SensoriumError } from '#contract/error.ts';
import { type Arrival, type Entrance, isForwarded } from './arrival.ts';
import { ANYONE, type Key } from './key.ts';
import { isLoopbackAddress } from './listen.ts';
import { refuseStrangeHosts, refuseStrangePages } from './origin.ts';

/**
 * Decides who makes a request, before anything of its body is read. `null` means: let it pass and count it for nobody
 * (health and metrics). Throws `server.origin-refused`, `server.key-missing` or `server.key-refused`.
 */
export function admit(arrival: Arrival, entrance: Entrance): Key | null {
  const { headers } = arrival;
  const { keyring, loopback, corsOrigins } = entrance;
  const path = pathOf(arrival.path);
  refuseStrangePages(arrival, corsOrigins);
  const open = loopback && !keyring.required;
  if (open) refuseStrangeHosts(arrival, entrance);
  if (path === '/healthz' || path === '/readyz') return null;
  const isMetrics = path === '/metrics';
  if (open) {
    // What a proxy passes on comes from somewhere else, although the connection is local.
    if (isForwarded(headers)) throw keyMissing('A server behind a proxy needs a key.');
    return isMetrics ? null : ANYONE;
  }
  const secret = secretIn(headers);
  if (secret !== null) {
    const key = keyring.find(secret);
    if (key) return isMetrics ? null : key;
    // Begins as OpenAI says it: some clients (litellm) know a refused key by these words alone.
    throw new SensoriumError('server.key-refused', 'Incorrect API key provided: it is unknown, revoked or expired.', {
      hint: 'Ask whoever runs this server for a new one (`sensorium keys create`).',
    });
  }
  if (isMetrics && isLoopbackAddress(arrival.remote) && !isForwarded(headers)) {
    refuseStrangeHosts(arrival, entrance);
    return null;
  }
  throw keyMissing('This server needs a key.');
}

// Schemes are case-insensitive (RFC 9110 §11.1). The other two headers are what Azure's and Anthropic's clients send.
function secretIn(headers: IncomingHttpHeaders): string | null {
  const { authorization } = headers;
  if (authorization !== undefined) return /^bearer +(\S+) *$/i.exec(authorization)?.[1] ?? null;
  const given = headers['x-api-key'] ?? headers['api-key'];
  return typeof given === 'string' && given !== '' ? given : null;
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

function keyMissing(message: string): SensoriumError {
  return new SensoriumError('server.key-missing', message, {
    hint: 'Send `Authorization: Bearer KEY`; whoever runs the server makes keys with `sensorium keys create`.',
  });
}
