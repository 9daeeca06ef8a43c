import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request and its answer, as they went over the wire. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly requestBody: Buffer;
  readonly key: string;
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** The client left, or the server broke off, before the end. */
  readonly cut: boolean;
  readonly startedMs: number;
  readonly endedMs: number;
}

export interface Recorder {
  readonly url: string;
  readonly exchanges: readonly Exchange[];
  close(): Promise<void>;
}

/** Stands between one client and the server, passes every byte on as it comes, and keeps a copy for the judge. */
export async function record(target: string): Promise<Recorder> {
  const exchanges: Exchange[] = [];
  const server = createServer((incoming, outgoing) => pass(incoming, outgoing, new URL(target), exchanges));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    exchanges,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function pass(incoming: IncomingMessage, outgoing: ServerResponse, target: URL, exchanges: Exchange[]): void {
  const startedMs = performance.now();
  const sent: Buffer[] = [];
  const got: Buffer[] = [];
  const { method = 'GET', url: path = '/' } = incoming;
  const onward = request(
    { host: target.hostname, port: target.port, method, path, headers: { ...incoming.headers, host: target.host } },
    (answer) => {
      const { statusCode: status = 0, headers } = answer;
      outgoing.writeHead(status, headers);
      outgoing.flushHeaders();
      answer.on('data', (bytes: Buffer) => got.push(bytes));
      answer.on('error', () => outgoing.destroy());
      answer.once('close', () => {
        exchanges.push({
          method,
          path,
          requestBody: Buffer.concat(sent),
          key: String(incoming.headers.authorization ?? '').replace(/^Bearer /, ''),
          status,
          headers,
          body: Buffer.concat(got),
          cut: !answer.complete,
          startedMs,
          endedMs: performance.now(),
        });
        if (!answer.complete) outgoing.destroy();
      });
      answer.pipe(outgoing);
    },
  );
  onward.on('error', () => outgoing.destroy());
  outgoing.once('close', () => onward.destroy());
  incoming.on('data', (bytes: Buffer) => sent.push(bytes));
  incoming.pipe(onward);
}
