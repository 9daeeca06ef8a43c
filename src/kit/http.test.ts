import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { request } from './http.ts';

let server: Server;
let base: string;
const seen: string[] = [];

beforeAll(async () => {
  server = createServer((incoming, reply) => {
    seen.push(`${incoming.method} ${incoming.url} ${incoming.headers.range ?? ''}`);
    if (incoming.url === '/moved') reply.writeHead(302, { location: '/there' }).end();
    else if (incoming.url === '/silent') return;
    else incoming.pipe(reply.writeHead(200, { 'content-type': 'text/plain' }));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

it('sends what it is given and reads the reply', async () => {
  const reply = await request(`${base}/echo`, { method: 'POST', body: 'hello', headers: { range: 'bytes=3-' } });
  expect([reply.status, reply.headers['content-type'], await reply.body.text()]).toEqual([200, 'text/plain', 'hello']);
  expect(seen.at(-1)).toBe('POST /echo bytes=3-');
});

it('does not follow a redirect by itself', async () => {
  const reply = await request(`${base}/moved`);
  expect([reply.status, reply.headers.location]).toEqual([302, '/there']);
  reply.body.destroy();
});

it('stops when cancelled and when nothing comes', async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 20);
  await expect(request(`${base}/silent`, { signal: stop.signal })).rejects.toThrow();
  await expect(request(`${base}/silent`, { headTimeoutMs: 50 })).rejects.toMatchObject({
    code: 'UND_ERR_HEADERS_TIMEOUT',
  });
});

it('connects where the lookup says, and not at all when it refuses', async () => {
  const port = new URL(base).port;
  const reply = await request(`http://nowhere.invalid:${port}/echo`, {
    lookup: (_host, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
  });
  expect(reply.status).toBe(200);
  await reply.body.text();
  await expect(
    request(`http://nowhere.invalid:${port}/echo`, { lookup: (_host, _options, done) => done(new Error('refused')) }),
  ).rejects.toThrow('refused');
});
