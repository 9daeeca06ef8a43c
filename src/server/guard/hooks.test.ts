import { connect, type Socket } from 'node:net';
import { type FastifyRequest, fastify } from 'fastify';
import { afterEach, expect, it } from 'vitest';
import type { SensoriumError } from '#contract/error.ts';
import { openPace } from '#kit/pace.ts';
import { openAdmission } from '../load/admission.ts';
import { openDrain } from '../load/drain.ts';
import { ringWith } from './__fixtures__/keyring.ts';
import { originSet } from './cors.ts';
import type { Passage } from './gate.ts';
import { installGate } from './hooks.ts';
import { openRates } from './rates.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A small server behind the gate: `/now` answers, `/slow` answers when told or when its work is stopped. */
async function serverWith({
  secrets = ['good'],
  perMinute = null as number | null,
  maxRequests = 2,
  origins = [] as string[],
  bodyStallMs = 60_000,
} = {}) {
  const pace = openPace();
  const drain = openDrain();
  const admission = openAdmission({ maxRequests, maxBodiesBytes: 1_000 }, pace);
  const slow: { passage: Passage | null; finish: () => void }[] = [];
  let bodies = 0;
  let onSlow = () => {};
  const app = fastify();
  installGate(app, {
    entrance: { keyring: ringWith(...secrets), loopback: true, host: '127.0.0.1', corsOrigins: originSet(origins) },
    rates: openRates({ requestsPerMinute: perMinute, requestsPerDay: null, requestsAtOnce: 10 }),
    admission,
    drain,
    pace,
    maxBodyBytes: 500,
    bodyStallMs,
  });
  app.addContentTypeParser('*', (_request, payload, done) => {
    bodies += 1;
    payload.resume().on('end', () => done(null));
  });
  app.setErrorHandler((error: SensoriumError, _request, reply) => reply.code(400).send(error.code));
  app.post('/now', () => 'now');
  app.get('/healthz', (request) => String(request.passage));
  const onSlowRequest = ({ passage }: FastifyRequest) =>
    new Promise<string>((resolve) => {
      slow.push({ passage, finish: () => resolve('slow') });
      passage?.stop.signal.addEventListener('abort', () => resolve('stopped'));
      onSlow();
    });
  app.get('/slow', onSlowRequest);
  app.post('/slow', onSlowRequest);
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  closers.push(() => {
    const closed = app.close();
    // Connections over which nothing was ever asked do not count as idle.
    app.server.closeAllConnections();
    return closed;
  });
  return {
    url,
    admission,
    drain,
    pace,
    slow,
    bodies: () => bodies,
    slowBegun: (count: number) =>
      new Promise<void>((resolve) => {
        onSlow = () => slow.length >= count && resolve();
        onSlow();
      }),
    get: (path: string, headers: Record<string, string> = { authorization: 'Bearer good' }) =>
      fetch(url + path, { headers }),
    post: (headers: Record<string, string> = { authorization: 'Bearer good' }, body = 'hello') =>
      fetch(`${url}/now`, { method: 'POST', headers, body }),
  };
}

/** Sends the head of a request and nothing of its body. */
function announceBody(url: string, length: string): Socket {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => {});
  socket.write(
    `POST /now HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer good\r\n${length}\r\ncontent-type: a/b\r\n\r\n`,
  );
  return socket;
}

/** Waits until something is so; the test's own time limit ends it otherwise. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 2));
}

it('lets a key in, says where it stands, and gives everything back', async () => {
  const { post, admission, drain } = await serverWith({ perMinute: 5 });
  const reply = await post();
  expect([reply.status, await reply.text()]).toEqual([200, 'now']);
  expect(reply.headers.get('x-ratelimit-remaining-requests')).toBe('4');
  expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
  await until(() => drain.running === 0);
  expect(admission).toMatchObject({ running: 0, bodiesBytes: 0 });
});

it('refuses without reading the body, under routes that exist and that do not', async () => {
  const { post, get, bodies, admission } = await serverWith();
  const reply = await post({});
  expect(await reply.text()).toBe('server.key-missing');
  expect(reply.headers.get('www-authenticate')).toBe('Bearer');
  expect(reply.headers.get('cache-control')).toBe('no-store');
  expect(await (await post({ authorization: 'Bearer bad' })).text()).toBe('server.key-refused');
  expect(await (await get('/no-such-route', {})).text()).toBe('server.key-missing');
  expect(bodies()).toBe(0);
  expect(admission.running).toBe(0);
});

it('answers over the rate with the time to wait, and counts nothing for it', async () => {
  const { post, admission, drain } = await serverWith({ perMinute: 1 });
  await (await post()).text();
  const refused = await post();
  expect(await refused.text()).toBe('server.rate-limited');
  expect(refused.headers.get('x-ratelimit-remaining-requests')).toBe('0');
  await until(() => drain.running === 0);
  expect(admission.running).toBe(0);
});

it('turns away who finds it full; health is answered all the same', async () => {
  const { get, slow, slowBegun, admission } = await serverWith({ maxRequests: 2 });
  const running = [get('/slow'), get('/slow')];
  await slowBegun(2);
  expect(await (await get('/slow')).text()).toBe('server.busy');
  expect(await (await get('/healthz', {})).text()).toBe('null');
  for (const { finish } of slow) finish();
  expect(await Promise.all(running.map(async (one) => (await one).text()))).toEqual(['slow', 'slow']);
  await until(() => admission.running === 0);
});

it('counts the bytes of bodies, and one of unknown length as the largest', async () => {
  const { url, admission } = await serverWith({ maxRequests: 10 });
  const sockets = ['content-length: 300', 'transfer-encoding: chunked'].map((length) => announceBody(url, length));
  await until(() => admission.running === 2);
  expect(admission.bodiesBytes).toBe(800);
  for (const socket of sockets) socket.destroy();
  await until(() => admission.running === 0);
  expect(admission.bodiesBytes).toBe(0);
});

it('lets go of a client whose body does not come, and not of one that waits for its answer', async () => {
  const { url, slow, slowBegun, admission } = await serverWith({ maxRequests: 10, bodyStallMs: 60 });
  const answer = fetch(`${url}/slow`, { method: 'POST', headers: { 'x-api-key': 'good' }, body: 'hello' });
  await slowBegun(1);
  for (const length of ['content-length: 300', 'transfer-encoding: chunked']) announceBody(url, length);
  await until(() => admission.running === 3);
  await until(() => admission.running === 1);
  slow[0]?.finish();
  expect(await (await answer).text()).toBe('slow');
});

it('stops the work of a client that has gone and gives its place back', async () => {
  const { url, slow, slowBegun, admission } = await serverWith();
  const leaving = new AbortController();
  const gone = fetch(`${url}/slow`, { headers: { 'x-api-key': 'good' }, signal: leaving.signal });
  await slowBegun(1);
  leaving.abort();
  await expect(gone).rejects.toThrow();
  await until(() => slow[0]?.passage?.stop.signal.aborted === true);
  await until(() => admission.running === 0);
});

it('only finished work says how long work takes', async () => {
  const { url, post, get, pace, slowBegun, admission } = await serverWith();
  await (await get('/no-such-route')).text();
  const leaving = new AbortController();
  const gone = fetch(`${url}/slow`, { headers: { 'x-api-key': 'good' }, signal: leaving.signal });
  await slowBegun(1);
  leaving.abort();
  await expect(gone).rejects.toThrow();
  await until(() => admission.running === 0);
  const unknownMs = 1_000;
  expect(pace.retryAfterMs(1, 1)).toBe(unknownMs);
  await (await post()).text();
  await until(() => pace.retryAfterMs(1, 1) !== unknownMs);
});

it('does not call a finished request stopped', async () => {
  const { get, slow, slowBegun, admission } = await serverWith();
  const reply = get('/slow');
  await slowBegun(1);
  slow[0]?.finish();
  await (await reply).text();
  await until(() => admission.running === 0);
  expect(slow[0]?.passage?.stop.signal.aborted).toBe(false);
});

it('draining turns new requests away and aborts what takes too long', async () => {
  const { get, drain, slowBegun } = await serverWith();
  drain.open();
  const running = get('/slow');
  await slowBegun(1);
  const drained = drain.drain(0);
  expect(await (await get('/slow')).text()).toBe('server.shutting-down');
  expect(await (await running).text()).toBe('stopped');
  expect(await drained).toEqual({ aborted: 1 });
});

it('answers a configured page’s preflight without a key and refuses every other page', async () => {
  const { url, post } = await serverWith({ origins: ['https://app.example.com'] });
  const ask = (origin: string) =>
    fetch(`${url}/now`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });
  const allowed = await ask('https://app.example.com');
  expect(allowed.status).toBe(204);
  expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
  expect(await (await ask('https://evil.example')).text()).toBe('server.origin-refused');
  const reply = await post({ authorization: 'Bearer good', origin: 'https://app.example.com' });
  expect(reply.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
});

it('a page that gave its name our address gets nowhere on a server without keys', async () => {
  const { url } = await serverWith({ secrets: [] });
  const raw = await new Promise<string>((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let text = '';
    socket.on('data', (bytes) => {
      text += bytes;
    });
    socket.on('close', () => resolve(text));
    socket.write(
      'POST /now HTTP/1.1\r\nhost: evil.example\r\norigin: http://evil.example\r\ncontent-length: 0\r\nconnection: close\r\n\r\n',
    );
  });
  expect(raw).toContain('server.origin-refused');
});
