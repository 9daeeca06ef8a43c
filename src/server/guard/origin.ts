import { SensoriumError } from '#contract/error.ts';
import { type Arrival, type Entrance, hostNameOf } from './arrival.ts';
import { isLoopbackName } from './listen.ts';

/**
 * Refuses what the pages of strangers make a browser send. A browser sends some requests blindly to any address (forms,
 * pictures, multipart and plain-text posts): the page cannot read the answer, but the work would be done.
 * Throws `server.origin-refused`.
 */
export function refuseStrangePages({ headers, method }: Arrival, corsOrigins: ReadonlySet<string>): void {
  const { origin } = headers;
  if (origin !== undefined) {
    if (isOwn(origin, headers.host) || corsOrigins.has(origin)) return;
    throw refused(
      'A web page of another origin may not call this server.',
      'Add the page’s origin to server.corsOrigins.',
    );
  }
  // Without an Origin this header, which no page can set, still tells; programs that are no browser do not send it.
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  // Somebody follows a link: the page that has it sees nothing of what comes.
  const opensPage = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  if (opensPage && method === 'GET') return;
  throw refused('A web page of another site may not call this server.', 'Open the address itself.');
}

/**
 * Refuses a host name that is not this machine's: a page can give its own name our address (DNS rebinding), and the
 * browser then takes us for the page's own server. Throws `server.origin-refused`.
 */
export function refuseStrangeHosts({ headers }: Arrival, { host }: Pick<Entrance, 'host'>): void {
  const name = hostNameOf(headers);
  if (isLoopbackName(name) || (name !== '' && name === host.toLowerCase())) return;
  throw refused(
    'Without a key this server answers only to localhost.',
    'Call it as 127.0.0.1 or localhost, or run `sensorium keys create` and send the key.',
  );
}

// A page that we served ourselves. Browsers leave a scheme's own port out of both headers.
function isOwn(origin: string, host: string | undefined): boolean {
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}

function refused(message: string, hint: string): SensoriumError {
  return new SensoriumError('server.origin-refused', message, { hint });
}
