import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { request } from './http.ts';

let server: Server;
let base: string;
const sockets = new Set<Socket>();
let written = 0;
let reply: ServerResponse | undefined;

beforeAll(async () => {
  server = createServer((incoming, response) => {
    reply = response;
    if (incoming.url === '/silent') return;
    if (incoming.url === '/endless') endless(response);
    else if (incoming.url === '/broken') response.write('half', () => response.destroy());
    else response.writeHead(200).write('first ');
  }).listen(0, '127.0.0.1');
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise((resolve) => server.once('listening', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function endless(response: ServerResponse): void {
  const piece = Buffer.alloc(64 * 1024);
  const more = () => {
    do written += piece.length;
    while (!response.destroyed && response.write(piece));
  };
  response.on('drain', more);
  more();
}

it('makes a sender wait that nobody reads from, and goes on when read', async () => {
  const { body } = await request(`${base}/endless`);
  let before = -1;
  while (written !== before) {
    before = written;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(written).toBeLessThan(32 * 2 ** 20);
  let read = 0;
  for (let piece = await body.next(); piece && read < 2 * before; piece = await body.next()) read += piece.length;
  expect(read).toBeGreaterThanOrEqual(2 * before);
  body.destroy();
  await expect(body.next()).rejects.toThrow('let go');
});

it('gives what came before a connection broke, then throws', async () => {
  const { body } = await request(`${base}/broken`);
  expect(String(await body.next())).toBe('half');
  await expect(body.next()).rejects.toMatchObject({ code: 'UND_ERR_SOCKET' });
});

it('serves the next request over the same connection once the rest was thrown away', async () => {
  const { body } = await request(`${base}/one`);
  await body.next();
  const before = sockets.size;
  body.discard();
  reply?.end('second');
  while (!body.complete) await new Promise((resolve) => setTimeout(resolve, 1));
  const next = await request(`${base}/two`);
  reply?.end('second');
  expect([await next.body.text(), sockets.size]).toEqual(['first second', before]);
});

it('lets go of the connection when its reader leaves early', async () => {
  const { body } = await request(`${base}/one`);
  const closed = new Promise((resolve) => reply?.once('close', resolve));
  for await (const _piece of body) break;
  await closed;
  expect(body.complete).toBe(false);
});

it('ends with the reason of a cancellation, before the reply and in it', async () => {
  const stop = new AbortController();
  const early = request(`${base}/silent`, { signal: stop.signal });
  const { body } = await request(`${base}/one`, { signal: stop.signal });
  await body.next();
  const reading = body.next();
  stop.abort(new Error('no longer wanted'));
  await expect(early).rejects.toThrow('no longer wanted');
  await expect(reading).rejects.toThrow('no longer wanted');
  await expect(request(base, { signal: stop.signal })).rejects.toThrow('no longer wanted');
});
