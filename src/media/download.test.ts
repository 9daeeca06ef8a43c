import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
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
  'http://127.0.0.1:1/x.wav',
  'http://2130706433/x.wav',
  'http://0x7f.1/x.wav',
  'http://[::1]/x.wav',
  'http://[::ffff:169.254.169.254]/latest/meta-data',
  'http://localhost:1/x.wav',
  'ftp://example.org/x.wav',
  'gopher://example.org/',
])('refuses %s before it connects', async (url) => {
  await expect(fetched(url, { allowPrivateHosts: false })).rejects.toMatchObject({ code: 'media.url-refused' });
});

// The first name is looked up by a resolver that sends it to the test's own server; what it redirects to is checked anew.
const pinned =
  (port: string): DownloadOptions['lookup'] =>
  (hostname, options, done) => {
    expect(hostname).toBe('media.example');
    expect(port).not.toBe('');
    if ('all' in options && options.all) done(null, [{ address: '127.0.0.1', family: 4 }]);
    else done(null, '127.0.0.1', 4);
  };

it.each(['http://127.0.0.1/', 'http://169.254.169.254/latest/', 'file:///etc/passwd', 'http://[fd00:ec2::254]/'])(
  'refuses a redirect to %s',
  async (location) => {
    const base = await serve((_, response) => response.writeHead(302, { location }).end());
    const { port } = new URL(base);
    const lookup = pinned(port);
    await expect(
      fetched(`http://media.example:${port}/`, { allowPrivateHosts: false, ...(lookup ? { lookup } : {}) }),
    ).rejects.toMatchObject({ code: 'media.url-refused' });
  },
);

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
