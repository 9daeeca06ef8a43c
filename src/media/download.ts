import { isIP } from 'node:net';
import { isSensoriumError, SensoriumError } from '#contract/error.ts';
import { cancelled } from '#kit/abort.ts';
import { type HttpReply, request } from '#kit/http.ts';
import { guardedLookup, isPublicAddress, type Lookup, refusedHost } from './address.ts';

const MAX_REDIRECTS = 5;
/** Where web servers listen. Other ports belong to mail, databases and the like, which must not be talked to. */
const PORTS: ReadonlySet<number> = new Set([80, 443, 8080, 8443]);
/** Names that mean this machine whatever a resolver says (RFC 6761). */
const LOCALHOST = /(^|\.)localhost\.?$/i;
/** From the first connection to the last byte, however steadily it trickles. */
const DEADLINE_MS = 10 * 60_000;

export interface DownloadOptions {
  readonly signal: AbortSignal;
  readonly maxBytes: number;
  readonly allowPrivateHosts: boolean;
  readonly deadlineMs?: number;
  /** Other ports and another resolver than the guarded one, for tests with a hostile one. */
  readonly ports?: ReadonlySet<number>;
  readonly lookup?: Lookup;
}

/**
 * Opens a URL: only http and https on the ports of web servers, no user names, only public addresses (each redirect is
 * checked again, at most 5), not more bytes than allowed, not for longer than allowed, and nothing compressed. Operators who
 * allow private hosts allow all ports too. Throws `media.url-refused`, `media.url-failed` or `media.too-large`; never shows
 * more of a URL than its host.
 */
export async function* download(url: string, given: DownloadOptions): AsyncGenerator<Uint8Array> {
  const { deadlineMs = DEADLINE_MS } = given;
  const late = AbortSignal.timeout(deadlineMs);
  const options = { ...given, signal: AbortSignal.any([given.signal, late]) };
  try {
    yield* fetched(url, options);
  } catch (error) {
    if (given.signal.aborted || !late.aborted) throw error;
    throw new SensoriumError('media.url-failed', `The download took longer than ${deadlineMs / 1_000} s.`, {
      hint: 'Download it yourself and give its path.',
      cause: error,
    });
  }
}

async function* fetched(url: string, options: DownloadOptions): AsyncGenerator<Uint8Array> {
  const { reply, host } = await follow(url, options);
  try {
    const coding = reply.headers['content-encoding'] ?? 'identity';
    if (coding.toLowerCase() !== 'identity') {
      throw new SensoriumError('media.url-failed', `${host} sent it compressed, which nobody asked for.`, {
        hint: 'Download it yourself and give its path.',
      });
    }
    const promised = Number(reply.headers['content-length'] ?? 0);
    if (promised > options.maxBytes) throw tooLarge(host, options.maxBytes);
    let received = 0;
    for await (const bytes of reply.body as AsyncIterable<Uint8Array>) {
      received += bytes.length;
      if (received > options.maxBytes) throw tooLarge(host, options.maxBytes);
      yield bytes;
    }
  } catch (error) {
    throw explained(error, host, options.signal);
  } finally {
    reply.body.destroy();
  }
}

async function follow(url: string, options: DownloadOptions): Promise<{ reply: HttpReply; host: string }> {
  let target = checked(url, undefined, options);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const reply = await ask(target, options);
    const location = reply.headers.location;
    if (reply.status >= 200 && reply.status < 300) return { reply, host: target.host };
    reply.body.destroy();
    if (reply.status < 300 || reply.status >= 400 || !location) {
      throw new SensoriumError('media.url-failed', `${target.host} answered with status ${reply.status}.`, {
        hint: 'Check the address; download the file yourself and give its path.',
        details: { status: reply.status },
      });
    }
    target = checked(location, target, options);
  }
  throw new SensoriumError('media.url-refused', `${target.host} redirects more than ${MAX_REDIRECTS} times.`, {
    hint: 'Give the address the redirects end at.',
  });
}

const GUARDED = guardedLookup();

async function ask(target: URL, options: DownloadOptions): Promise<HttpReply> {
  const lookup = options.allowPrivateHosts ? undefined : (options.lookup ?? GUARDED);
  try {
    return await request(target, { signal: options.signal, ...(lookup ? { lookup } : {}) });
  } catch (error) {
    throw explained(error, target.host, options.signal);
  }
}

function checked(url: string, base: URL | undefined, options: DownloadOptions): URL {
  if (!URL.canParse(url, base?.href)) throw refused('This is not a URL.');
  const target = new URL(url, base);
  if (target.protocol !== 'http:' && target.protocol !== 'https:') {
    throw refused(`Addresses that begin with ${target.protocol} are not fetched.`);
  }
  if (target.username !== '' || target.password !== '') throw refused('Addresses with a user name are not fetched.');
  const port = Number(target.port) || (target.protocol === 'https:' ? 443 : 80);
  if (!options.allowPrivateHosts && !(options.ports ?? PORTS).has(port)) {
    throw refused(`Port ${port} is not one that web servers use.`);
  }
  const host = target.hostname.replace(/^\[|\]$/g, '');
  const isInside = isIP(host) ? !isPublicAddress(host) : LOCALHOST.test(host);
  if (!options.allowPrivateHosts && isInside) throw refusedHost(target.hostname);
  return target;
}

function refused(message: string): SensoriumError {
  return new SensoriumError('media.url-refused', message, {
    hint: 'Give a plain address that begins with http or https.',
  });
}

function tooLarge(host: string, maxBytes: number): SensoriumError {
  return new SensoriumError('media.too-large', `The file at ${host} is larger than ${maxBytes} bytes.`, {
    hint: 'Download it yourself and give its path.',
    details: { maxBytes },
  });
}

function explained(error: unknown, host: string, signal: AbortSignal): unknown {
  if (signal.aborted) return cancelled(signal);
  if (isSensoriumError(error)) return error;
  const cause = (error as { cause?: unknown }).cause;
  if (isSensoriumError(cause)) return cause;
  const code = (error as { code?: string }).code;
  return new SensoriumError('media.url-failed', `${host} could not be read${code ? ` (${code})` : ''}.`, {
    hint: 'Check the address and the network, then try again.',
    cause: error,
  });
}
