import type { Readable } from 'node:stream';
import { Agent, EnvHttpProxyAgent, request as undiciRequest } from 'undici';

/** An answer over HTTP. `body` must be read or destroyed. */
export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable & { text(): Promise<string>; json(): Promise<unknown> };
}

export interface HttpRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST';
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

const agents = new Map<string, Agent | EnvHttpProxyAgent>();

function agentFor(connectTimeoutMs: number): Agent | EnvHttpProxyAgent {
  const key = String(connectTimeoutMs);
  let agent = agents.get(key);
  if (!agent) {
    agent = new EnvHttpProxyAgent({ connect: { timeout: connectTimeoutMs } });
    agents.set(key, agent);
  }
  return agent;
}

/**
 * The only place that talks HTTP to others. Does not follow redirects: the caller decides whether the next address is
 * one it may go to. A guarded request (`lookup`) goes straight out on a connection of its own, never through a proxy.
 */
export async function request(url: string | URL, options: HttpRequest = {}): Promise<HttpReply> {
  const connectTimeoutMs = options.connectTimeoutMs ?? 5_000;
  const dispatcher = options.lookup
    ? new Agent({ connect: { timeout: connectTimeoutMs, lookup: options.lookup as never }, pipelining: 0 })
    : agentFor(connectTimeoutMs);
  const reply = await undiciRequest(url, {
    dispatcher,
    method: options.method ?? 'GET',
    headers: options.headers ?? {},
    body: options.body ?? null,
    signal: options.signal ?? null,
    headersTimeout: options.headTimeoutMs ?? 30_000,
    bodyTimeout: options.stallTimeoutMs ?? 60_000,
  });
  // A body left unread fails when it is destroyed; whoever reads it still gets every error thrown.
  reply.body.on('error', () => {});
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(reply.headers)) {
    if (value !== undefined) headers[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return { status: reply.statusCode, headers, body: reply.body };
}
