import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bytes, pinned } from '../__fixtures__/home.ts';
import { fileServer, type Manner, type Seen } from '../__fixtures__/server.ts';
import { type Download, download } from './download.ts';
import { SourceFailure } from './source.ts';

const content = bytes(300_000);
const file = pinned('model.bin', content, {});
const timeouts = { connectMs: 1_000, headMs: 300, stallMs: 300 };
let target: string;
let closing: (() => Promise<void>)[] = [];

beforeEach(() => {
  target = join(mkdtempSync(join(tmpdir(), 'sensorium-download-')), 'model.part');
});
afterEach(async () => {
  await Promise.all(closing.map((close) => close()));
  closing = [];
});

async function serve(manner?: (request: Seen, count: number) => Manner) {
  const server = await fileServer({ 'model.bin': content }, manner);
  closing.push(server.close);
  return server;
}

function fetching(address: string, more: Partial<Download> = {}) {
  const moved: number[] = [];
  const done = download({
    url: `${address}/model.bin`,
    target,
    file,
    timeouts,
    signal: new AbortController().signal,
    onBytes: (received) => moved.push(received),
    ...more,
  });
  return { done, moved };
}

const got = () => Buffer.compare(readFileSync(target), content) === 0;

it('fetches a file and counts its bytes upwards to the end', async () => {
  const { done, moved } = fetching((await serve()).address);
  await done;
  expect(got()).toBe(true);
  expect(moved.at(-1)).toBe(content.length);
  expect(moved).toEqual([...moved].sort((a, b) => a - b));
});

it('goes on where the connection was cut, twice', async () => {
  let arrived = 0;
  const cutWhen = (bytes: number) => ({ cutAfterBytes: 100_000, cutWhen: () => arrived >= bytes });
  const server = await serve((_, count) => (count < 3 ? cutWhen(count * 100_000) : {}));
  await fetching(server.address, { onBytes: (bytes) => (arrived = bytes) }).done;
  expect(got()).toBe(true);
  expect(server.seen.map((one) => one.range)).toEqual([undefined, 'bytes=100000-', 'bytes=200000-']);
});

it('goes on after the bytes an earlier process left', async () => {
  writeFileSync(target, content.subarray(0, 123_456));
  const server = await serve();
  await fetching(server.address).done;
  expect(server.seen.map((one) => one.range)).toEqual(['bytes=123456-']);
  expect(got()).toBe(true);
});

it('begins anew when the server knows no ranges', async () => {
  writeFileSync(target, content.subarray(0, 1_000));
  await fetching((await serve(() => ({ noRange: true }))).address).done;
  expect(got()).toBe(true);
});

it('gives up when cut connections bring nothing more, and keeps what came', async () => {
  let arrived = 0;
  const server = await serve((_, count) =>
    count === 1 ? { cutAfterBytes: 1_000, cutWhen: () => arrived >= 1_000 } : { cutAfterBytes: 0 },
  );
  const { done } = fetching(server.address, { onBytes: (bytes) => (arrived = bytes) });
  await expect(done).rejects.toThrow(/did not answer/);
  expect(readFileSync(target)).toHaveLength(1_000);
});

it('leaves a body that stands still and keeps what came', async () => {
  const server = await serve((_, count) =>
    count === 1 ? { cutAfterBytes: 5_000, cutWhen: () => false } : { status: 503 },
  );
  await expect(fetching(server.address).done).rejects.toThrow(/HTTP 503/);
  expect(readFileSync(target)).toHaveLength(5_000);
});

it.each([
  [404, /does not have it/],
  [401, /may want a token/],
  [503, /HTTP 503/],
])('says what HTTP %i means', async (status, message) => {
  const server = await serve(() => ({ status }));
  await expect(fetching(server.address).done).rejects.toThrow(message);
  await expect(fetching(server.address).done).rejects.toBeInstanceOf(SourceFailure);
});

it('refuses a file of another size before it loads it', async () => {
  const server = await serve(() => ({ body: bytes(400_000) }));
  await expect(fetching(server.address).done).rejects.toThrow(/another file \(400000 bytes/);
});

it('refuses the hub’s other version before it follows to the bytes', async () => {
  const server = await serve((request) =>
    request.path === '/model.bin'
      ? { status: 302, location: '/bytes', headers: { 'x-linked-etag': `"${'0'.repeat(64)}"` } }
      : { body: content },
  );
  await expect(fetching(server.address).done).rejects.toThrow(/another version/);
  expect(server.seen.map((one) => one.path)).toEqual(['/model.bin']);
});

it('follows a redirect and keeps the token from the other host', async () => {
  const other = await serve(() => ({ body: content }));
  const hub = await serve(() => ({ status: 302, location: `${other.address}/elsewhere` }));
  await fetching(hub.address, { token: 'secret' }).done;
  expect(hub.seen[0]?.authorization).toBe('Bearer secret');
  expect(other.seen[0]?.authorization).toBeUndefined();
  expect(got()).toBe(true);
});

it.each(['file:///etc/passwd', 'ftp://127.0.0.1/x'])('does not follow to %s', async (location) => {
  const server = await serve(() => ({ status: 302, location }));
  await expect(fetching(server.address).done).rejects.toThrow(/unsafe address/);
});

it('does not follow in circles', async () => {
  const server = await serve(() => ({ status: 302, location: '/model.bin' }));
  await expect(fetching(server.address).done).rejects.toThrow(/without end/);
});

it('asks a host that never answers once, then remembers', async () => {
  const server = await serve(() => ({ silent: true }));
  await expect(fetching(server.address).done).rejects.toThrow(/cannot be reached/);
  await expect(fetching(server.address).done).rejects.toThrow(/cannot be reached/);
  expect(server.seen).toHaveLength(1);
});

it('names a host that refuses connections', async () => {
  const server = await fileServer({});
  await server.close();
  await expect(fetching(server.address).done).rejects.toThrow(/127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\)/);
});

it('stops when cancelled', async () => {
  const stop = new AbortController();
  const server = await serve(() => ({ dripBytes: 1_000 }));
  const { done } = fetching(server.address, { signal: stop.signal });
  setTimeout(() => stop.abort(), 60);
  await expect(done).rejects.toMatchObject({ code: 'kit.cancelled' });
});
