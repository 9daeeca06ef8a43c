import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Server as SocketServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { json, type Reply } from './reply.ts';

/** One request as it arrived. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly bytes: Buffer;
  /** The body as JSON. A body that is none is a fault. */
  json(): Record<string, unknown>;
  /** Which case to play; `happy` where none was asked for. */
  readonly play: string;
}

/** What the other side did wrong, by the vendor's documentation. `reply` is how the vendor would say so. */
export class Fault extends Error {
  readonly reply: Reply | undefined;
  constructor(message: string, reply?: Reply) {
    super(message);
    this.reply = reply;
  }
}

/** Checks what was sent; a slip is a fault, which the server keeps and answers with the vendor's refusal. */
export function check(holds: unknown, message: string, reply?: Reply): asserts holds {
  if (!holds) throw new Fault(message, reply);
}

type Handler = (request: Request, server: Running) => Reply | Promise<Reply>;

/** A vendor's API as its documentation has it, for whoever cannot reach the vendor or must not. */
export interface ConformanceServer {
  readonly name: string;
  readonly about: string;
  /** Every case it can play besides `happy`, and what it is. */
  readonly cases: Readonly<Record<string, string>>;
  /** What to write into the configuration to use it. */
  configure(origin: string): Readonly<Record<string, unknown>>;
  /** `METHOD /path` → what answers there. A path may end in `*`. */
  readonly routes: Readonly<Record<string, Handler>>;
  /** WebSockets, or anything else that upgrades a connection. */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer, server: Running): void;
  /** A wire that is not HTTP: each connection is handed over as it is, and there are no routes. */
  connection?(socket: Duplex, server: Running): void;
  /** Facts nobody has verified, as switches; off means the documented form. */
  readonly switches?: Readonly<Record<string, string>>;
}

/** A conformance server at work. */
export interface Running {
  readonly origin: string;
  readonly seen: Request[];
  /** Everything it was sent that the vendor would not accept. */
  readonly faults: string[];
  readonly connections: { accepted: number; leftEarly: number };
  readonly switchedOn: ReadonlySet<string>;
  /** Plays a case for the next requests, then `happy` again; `times` is how often, for ever where it is left out. */
  play(name: string, times?: number): void;
  /** The case for the request that comes now. */
  takeCase(): string;
  close(): Promise<void>;
}

export interface StartOptions {
  readonly port?: number | undefined;
  readonly switches?: readonly string[] | undefined;
  readonly play?: string | undefined;
}

/** Starts a conformance server on the loopback interface. */
export async function startConformance(vendor: ConformanceServer, options: StartOptions = {}): Promise<Running> {
  const seen: Request[] = [];
  const faults: string[] = [];
  const connections = { accepted: 0, leftEarly: 0 };
  let playing = { name: options.play ?? 'happy', left: Number.POSITIVE_INFINITY };
  const known = (name: string) => name === 'happy' || Object.hasOwn(vendor.cases, name);
  if (!known(playing.name)) throw new Error(`${vendor.name} has no case called ${playing.name}.`);

  const http = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      faults.push(`broke: ${String(error)}`);
      response.destroy();
    });
  });

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of incoming) pieces.push(piece);
    const bytes = Buffer.concat(pieces);
    const url = new URL(incoming.url ?? '/', 'http://x');
    const request: Request = {
      method: incoming.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: incoming.headers,
      bytes,
      json() {
        try {
          return JSON.parse(bytes.toString('utf8'));
        } catch {
          throw new Fault('a body that is not JSON');
        }
      },
      play: running.takeCase(),
    };
    seen.push(request);
    response.on('close', () => {
      if (!response.writableFinished) connections.leftEarly++;
    });
    await write(await replyTo(request), response);
  }

  async function replyTo(request: Request): Promise<Reply> {
    try {
      const handler = handlerFor(vendor.routes, `${request.method} ${request.path}`);
      check(handler, `${request.method} ${request.path}: there is no such address`, json({ error: 'not found' }, 404));
      return await handler(request, running);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      faults.push(error.message);
      return error.reply ?? json({ error: { message: error.message, type: 'invalid_request_error', code: null } }, 400);
    }
  }

  const running: Running = {
    origin: '',
    seen,
    faults,
    connections,
    switchedOn: new Set(options.switches),
    play(name, times = Number.POSITIVE_INFINITY) {
      if (!known(name)) throw new Error(`${vendor.name} has no case called ${name}.`);
      playing = { name, left: times };
    },
    takeCase() {
      if (playing.left <= 0) return 'happy';
      playing.left--;
      return playing.name;
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of taken) socket.destroy();
        server.close(() => resolve());
        http.closeAllConnections();
      }),
  };
  /** Connections that are no longer HTTP's. */
  const taken = new Set<Duplex>();
  function take(socket: Duplex): void {
    taken.add(socket);
    socket.on('close', () => taken.delete(socket));
  }
  http.on('upgrade', (request, socket, head) => {
    take(socket);
    if (vendor.upgrade) vendor.upgrade(request, socket, head, running);
    else socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n');
  });
  const server = vendor.connection ? createSocketServer() : http;
  server.on('connection', (socket) => {
    connections.accepted++;
    socket.setNoDelay(true);
    if (!vendor.connection) return;
    take(socket);
    vendor.connection(socket, running);
  });
  return Object.assign(running, { origin: await listen(server, options.port ?? 0) });
}

function handlerFor(routes: ConformanceServer['routes'], called: string): Handler | undefined {
  if (Object.hasOwn(routes, called)) return routes[called];
  const pattern = Object.keys(routes).find((name) => name.endsWith('*') && called.startsWith(name.slice(0, -1)));
  return pattern === undefined ? undefined : routes[pattern];
}

async function listen(server: SocketServer, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function write(reply: Reply, response: ServerResponse): Promise<void> {
  const { status = 200, headers = {}, pieces, ending = 'end', pauseMs = 0 } = reply;
  if (reply.refusesConnection) {
    response.socket?.resetAndDestroy();
    return;
  }
  response.writeHead(status, headers);
  response.flushHeaders();
  for (const piece of pieces) {
    if (response.destroyed) return;
    response.write(piece);
    await (pauseMs > 0 ? setTimeout(pauseMs) : setImmediate());
  }
  if (ending === 'end') response.end();
  if (ending === 'reset') response.socket?.resetAndDestroy();
}
