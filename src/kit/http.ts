import { Readable } from 'node:stream';
import { Agent, EnvHttpProxyAgent } from 'undici';
import { Exchange, type ReplyHead } from './reply-body.ts';

/** An answer over HTTP. `body` must be read, discarded or destroyed. */
export type HttpReply = ReplyHead;

export interface HttpRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | Readable;
  readonly signal?: AbortSignal;
  /** How long to wait for a connection and for the reply's head. Streams may then take as long as they go on moving. */
  readonly headTimeoutMs?: number;
  readonly connectTimeoutMs?: number;
  /** How long a body may stand still. */
  readonly stallTimeoutMs?: number;
  /** Resolves host names; a guard refuses addresses here, so that the address checked is the address used. */
  readonly lookup?: (
    hostname: string,
    options: object,
    done: (error: Error | null, ...result: unknown[]) => void,
  ) => void;
}

const agents = new Map<number, EnvHttpProxyAgent>();

function agentFor(connectTimeoutMs: number): EnvHttpProxyAgent {
  let agent = agents.get(connectTimeoutMs);
  if (!agent) {
    agent = new EnvHttpProxyAgent({ connect: { timeout: connectTimeoutMs } });
    agents.set(connectTimeoutMs, agent);
  }
  return agent;
}

/**
 * The only place that talks HTTP to others. Does not follow redirects: the caller decides whether the next address is
 * one it may go to. A guarded request (`lookup`) goes straight out on a connection of its own, never through a proxy.
 */
export async function request(url: string | URL, options: HttpRequest = {}): Promise<HttpReply> {
  const { origin, pathname, search } = typeof url === 'string' ? new URL(url) : url;
  const { method = 'GET', headers = {}, body = null, signal, connectTimeoutMs = 5_000 } = options;
  const dispatcher = options.lookup
    ? new Agent({ connect: { timeout: connectTimeoutMs, lookup: options.lookup as never }, pipelining: 0 })
    : agentFor(connectTimeoutMs);
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const sent = body instanceof Readable ? body : null;
    dispatcher.dispatch(
      {
        origin,
        path: `${pathname}${search}`,
        method,
        headers,
        body,
        headersTimeout: options.headTimeoutMs ?? 30_000,
        bodyTimeout: options.stallTimeoutMs ?? 60_000,
      },
      new Exchange(resolve, reject, signal, sent),
    );
  });
}
