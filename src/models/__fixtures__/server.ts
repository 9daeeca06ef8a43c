import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a test wants of one answer, besides the file itself. */
export interface Manner {
  /** Breaks the connection after this many bytes of the body. */
  readonly cutAfterBytes?: number;
  /** With `cutAfterBytes`: stands still there until this says yes, so that a test can see the bytes arrive first. */
  readonly cutWhen?: () => boolean;
  readonly status?: number;
  readonly location?: string;
  readonly headers?: Record<string, string>;
  /** Never answers. */
  readonly silent?: boolean;
  /** Sends the body in pieces of this size, 5 ms apart. */
  readonly dripBytes?: number;
  /** Ignores a Range header. */
  readonly noRange?: boolean;
  readonly body?: Uint8Array;
}

export interface Seen {
  readonly path: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
}

/** A real web server on a free loopback port, with ranges and with bad manners on request. */
export async function fileServer(
  files: Record<string, Uint8Array>,
  manner: (request: Seen, count: number) => Manner = () => ({}),
) {
  const seen: Seen[] = [];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { range, authorization } = request.headers;
    const asked: Seen = { path: request.url ?? '', range, authorization };
    seen.push(asked);
    const how = manner(asked, seen.length);
    if (how.silent) return;
    const whole = how.body ?? files[asked.path.slice(1)];
    if (how.status || !whole) {
      response.writeHead(how.status ?? 404, { ...how.headers, ...(how.location ? { location: how.location } : {}) });
      response.end();
      return;
    }
    const from = how.noRange ? 0 : Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    const body = whole.subarray(from);
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': body.length,
      ...(from > 0 ? { 'content-range': `bytes ${from}-${whole.length - 1}/${whole.length}` } : {}),
      ...how.headers,
    });
    const sent = body.subarray(0, how.cutAfterBytes ?? body.length);
    const step = how.dripBytes ?? 64 * 1024;
    for (let at = 0; at < sent.length && !response.destroyed; at += step) {
      response.write(sent.subarray(at, at + step));
      if (how.dripBytes) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    if (how.cutAfterBytes === undefined) response.end();
    else {
      while (how.cutWhen?.() === false && !response.destroyed) await new Promise((resolve) => setTimeout(resolve, 5));
      response.destroy();
    }
  }

  const server = createServer((request, response) => void answer(request, response));
  const port = await listenAnew(server);
  return {
    address: `http://127.0.0.1:${port}`,
    seen,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const used = new Set<number>();

// A port that was closed before is remembered as not there, for as long as this process lives.
async function listenAnew(server: Server): Promise<number> {
  for (;;) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    if (!used.has(port)) {
      used.add(port);
      return port;
    }
    await new Promise((resolve) => server.close(resolve));
  }
}
