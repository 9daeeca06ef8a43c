import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import { guardedLookup } from './address.ts';
import { type DownloadOptions, download } from './download.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server?.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function fetched(url: string, options: Partial<DownloadOptions> = {}): Promise<string> {
  const parts: Uint8Array[] = [];
  const signal = new AbortController().signal;
  for await (const bytes of download(url, { signal, maxBytes: 1_000, allowPrivateHosts: true, ...options })) {
    parts.push(bytes);
  }
  return Buffer.concat(parts).toString();
}

it('brings the bytes, through redirects', async () => {
  const base = await serve((request, response) => {
    if (request.url === '/a') response.writeHead(302, { location: '/b' }).end();
    else response.end('sound');
  });
  expect(await fetched(`${base}/a`)).toBe('sound');
});

it.each([
  'http://127.0.0.1/x.wav',
  'http://127.0.0.1./x.wav',
  'http://2130706433/x.wav',
  'http://0x7f.1/x.wav',
  'http://0x7f000001/x.wav',
  'http://127.1/x.wav',
  'http://0177.0.0.1/x.wav',
  'http://0/x.wav',
  'http://１２７.０.０.１/x.wav',
  'http://①②⑦。⓪。⓪。①/x.wav',
  'http://[::1]/x.wav',
  'http://[::]/x.wav',
  'http://[::ffff:169.254.169.254]/latest/meta-data',
  'http://[::ffff:a9fe:a9fe]/latest/meta-data',
  'http://[64:ff9b::7f00:1]/x.wav',
  'http://[2002:7f00:1::]/x.wav',
  'http://[fd00:ec2::254]/x.wav',
  'http://localhost/x.wav',
  'http://localhost./x.wav',
  'http://LOCALHOST/x.wav',
  'http://169.254.169.254/latest/meta-data/',
  'http://100.100.100.200/',
  'http://168.63.129.16/',
  'ftp://example.org/x.wav',
  'gopher://example.org/',
  'file:///etc/passwd',
  'http://user:secret@8.8.8.8/x.wav',
  'http://user@8.8.8.8/x.wav',
  'http://8.8.8.8:22/x.wav',
  'https://8.8.8.8:6379/x.wav',
  'http://[2606:4700:4700::1111]:25/x.wav',
])('refuses %s before it connects', async (url) => {
  const refusal = fetched(url, { allowPrivateHosts: false });
  await expect(refusal).rejects.toMatchObject({ code: 'media.url-refused' });
  await expect(refusal).rejects.not.toThrow(/secret/);
});

/**
 * The guard itself, in a world where 127.0.0.1 is the public internet and every other address is not. Names resolve to what
 * the test says, in turn.
 */
function world(base: string, answers: Readonly<Record<string, readonly string[]>>) {
  const asked: string[] = [];
  const lookup = guardedLookup(
    (name, _, done) => {
      const turn = asked.filter((one) => one === name).length;
      asked.push(name);
      const address = answers[name]?.[turn] ?? '10.0.0.1';
      done(null, [{ address, family: address.includes(':') ? 6 : 4 }]);
    },
    (address) => address === '127.0.0.1',
  );
  return { asked, options: { allowPrivateHosts: false, lookup, ports: new Set([Number(new URL(base).port), 80]) } };
}

it('connects to the address that was checked, without asking again', async () => {
  const base = await serve((_, response) => response.end('sound'));
  const { port } = new URL(base);
  const { asked, options } = world(base, { 'media.example': ['127.0.0.1', '127.0.0.2'] });
  expect(await fetched(`http://media.example:${port}/`, options)).toBe('sound');
  expect(asked).toEqual(['media.example']);
});

it('asks again for each redirect, and refuses a name that now points inside', async () => {
  let served = 0;
  const base = await serve((_, response) => {
    served++;
    response.writeHead(302, { location: '/again' }).end();
  });
  const { port } = new URL(base);
  const { asked, options } = world(base, { 'media.example': ['127.0.0.1', '127.0.0.2'] });
  await expect(fetched(`http://media.example:${port}/`, options)).rejects.toMatchObject({ code: 'media.url-refused' });
  expect({ asked, served }).toEqual({ asked: ['media.example', 'media.example'], served: 1 });
});

it.each([
  'http://127.0.0.1/',
  'http://169.254.169.254/latest/',
  'http://2852039166/latest/',
  'http://[fd00:ec2::254]/',
  'http://inside.example/',
  'file:///etc/passwd',
  'gopher://127.0.0.1:6379/_FLUSHALL',
  'data:text/plain,x',
  'http://user:pass@media.example/',
  'http://media.example:6379/',
  '//localhost:22/',
  'http://',
])('refuses a redirect to %s', async (location) => {
  let served = 0;
  const base = await serve((_, response) => {
    served++;
    response.writeHead(302, { location }).end();
  });
  const { options } = world(base, { 'media.example': ['127.0.0.1', '127.0.0.1'] });
  await expect(fetched(`http://media.example:${new URL(base).port}/`, options)).rejects.toMatchObject({
    code: 'media.url-refused',
  });
  expect(served).toBe(1);
});

it('unpacks nothing: what is sent compressed is refused', async () => {
  const base = await serve((_, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(500_000)));
  });
  await expect(fetched(base)).rejects.toMatchObject({
    code: 'media.url-failed',
    message: expect.stringMatching(/compressed/),
  });
});

it('is not drowned in a head, nor deceived by a length', async () => {
  const raw = (head: string) => (_: unknown, response: { socket: Socket | null }) => {
    response.socket?.on('error', () => {});
    response.socket?.end(head);
  };
  const drown = await serve(raw(`HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(100_000)}\r\n\r\n`) as RequestListener);
  await expect(fetched(drown)).rejects.toMatchObject({ code: 'media.url-failed' });
  server?.close();
  const more = await serve(raw(`HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n${'x'.repeat(5_000)}`) as RequestListener);
  expect((await fetched(more).catch(() => 'xxxxx')).length).toBe(5);
  server?.close();
  const negative = await serve(raw('HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nabc') as RequestListener);
  await expect(fetched(negative)).rejects.toMatchObject({ code: 'media.url-failed' });
});

it.each<[string, RequestListener]>([
  ['a head that never comes', () => {}],
  [
    'a body that trickles',
    (_, response) => {
      const drip = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(drip));
    },
  ],
  [
    'redirects that dawdle',
    (_, response) => void setTimeout(() => response.writeHead(302, { location: '/x' }).end(), 120),
  ],
])('gives up %s at its deadline', async (_, listener) => {
  const base = await serve(listener);
  await expect(fetched(base, { deadlineMs: 300 })).rejects.toMatchObject({
    code: 'media.url-failed',
    message: expect.stringMatching(/longer than 0.3 s/),
  });
});

it('stops after five redirects', async () => {
  let asked = 0;
  const base = await serve((_, response) => {
    asked++;
    response.writeHead(302, { location: `/${asked}` }).end();
  });
  await expect(fetched(base)).rejects.toMatchObject({ code: 'media.url-refused' });
  expect(asked).toBe(6);
});

it.each<[string, RequestListener]>([
  ['announced', (_, response) => response.writeHead(200, { 'content-length': 5_000 }).end(Buffer.alloc(5_000))],
  ['merely sent', (_, response) => response.write(Buffer.alloc(5_000))],
])('stops when more bytes are %s than allowed', async (_, listener) => {
  const base = await serve(listener);
  await expect(fetched(base)).rejects.toMatchObject({ code: 'media.too-large' });
});

it('says what the server answered', async () => {
  const base = await serve((_, response) => response.writeHead(404).end());
  await expect(fetched(`${base}/x?secret=1`)).rejects.toMatchObject({
    code: 'media.url-failed',
    message: expect.stringMatching(/404/),
  });
  await expect(fetched(`${base}/x?secret=1`)).rejects.not.toThrow(/secret/);
});

it('says when nobody answers, or the answer breaks off', async () => {
  await expect(fetched('http://127.0.0.1:1/')).rejects.toMatchObject({ code: 'media.url-failed', retryable: true });
  const base = await serve((_, response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('half');
    setImmediate(() => response.destroy());
  });
  await expect(fetched(base)).rejects.toMatchObject({ code: 'media.url-failed' });
});

it('stops when cancelled', async () => {
  const controller = new AbortController();
  const base = await serve((_, response) => {
    response.write('begin');
    setImmediate(() => controller.abort());
  });
  await expect(fetched(base, { signal: controller.signal })).rejects.toMatchObject({ code: 'kit.cancelled' });
});
