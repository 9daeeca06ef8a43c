import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import type { AskRequest } from '#contract/chat.ts';
import { mediaSlots } from '#upstream/media-body.ts';
import { type CountedPart, mediaPart } from '../../__fixtures__/media.ts';
import { askAll } from '../../conformance.ts';
import { openTest } from './__fixtures__/open.ts';
import { happy } from './__fixtures__/streams.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

const about = (media: CountedPart): AskRequest => ({
  messages: [
    {
      role: 'user',
      content: [
        { kind: 'text', text: 'Grüße' },
        { kind: 'media', media },
      ],
    },
  ],
});

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

it('sends ten megabytes while it reads them, and says the length before', async () => {
  const bytes = Buffer.alloc(10 * 2 ** 20 + 1, 'spoken words');
  const media = mediaPart('audio', 'audio/wav', bytes);
  let readWhenBegun = 0;
  let arrived = '';
  const baseUrl = await serve(async (request, response) => {
    request.once('data', () => {
      readWhenBegun = media.read.bytes;
    });
    const body = await bodyOf(request);
    expect(Number(request.headers['content-length'])).toBe(body.length);
    arrived = JSON.parse(body.toString()).messages[0].content[1].input_audio.data;
    response.end(happy('Heard.'));
  });
  expect((await askAll(openTest(baseUrl), about(media))).answer.text).toBe('Heard.');
  expect(Buffer.from(arrived, 'base64').equals(bytes)).toBe(true);
  expect(arrived).toBe(bytes.toString('base64'));
  expect(media.read.opened).toBe(1);
  expect(readWhenBegun).toBeLessThan(bytes.length / 2);
});

it('reads the medium again for every try', async () => {
  const media = mediaPart('image', 'image/png', Buffer.from('picture'));
  let tries = 0;
  const bodies: string[] = [];
  const baseUrl = await serve(async (request, response) => {
    bodies.push((await bodyOf(request)).toString());
    if (++tries < 3) response.writeHead(503).end();
    else response.end(happy('Seen.'));
  });
  expect((await askAll(openTest(baseUrl), about(media))).answer.text).toBe('Seen.');
  expect(media.read.opened).toBe(3);
  expect(new Set(bodies.map((body) => JSON.parse(body).messages[0].content[1].image_url.url))).toEqual(
    new Set([`data:image/png;base64,${Buffer.from('picture').toString('base64')}`]),
  );
});

it.each([3, 9])('fails when a medium of 7 bytes claims to have %i', async (claimedBytes) => {
  const media = mediaPart('image', 'image/png', Buffer.from('picture'), { claimedBytes });
  const baseUrl = await serve((request, response) => {
    request.on('error', () => {}).resume();
    response.on('error', () => {});
  });
  const asking = askAll(openTest(baseUrl), about(media));
  await expect(asking).rejects.toMatchObject({ code: 'media.broken', details: { readBytes: 7 } });
});

it('stops reading the medium when cancelled while it is sent', async () => {
  const controller = new AbortController();
  const media = mediaPart('video', 'video/mp4', Buffer.alloc(40 * 2 ** 20));
  let closed = false;
  const baseUrl = await serve((request) => {
    request.on('error', () => {}).on('data', () => controller.abort());
    request.socket.once('close', () => {
      closed = true;
    });
  });
  const asking = askAll(openTest(baseUrl), about(media), controller.signal);
  await expect(asking).rejects.toMatchObject({ code: 'kit.cancelled' });
  await expect.poll(() => closed).toBe(true);
  expect(media.read.bytes).toBeLessThan(media.media.sizeBytes);
});

it('encodes as a whole encoder would, however the bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 200 }),
      fc.integer({ min: 1, max: 50 }),
      fc.string(),
      async (bytes, pieceBytes, words) => {
        const slots = mediaSlots();
        const media = mediaPart('image', 'image/png', bytes, { pieceBytes });
        const body = slots.fill(JSON.stringify([words, slots.hold(media), slots.hold(media)]));
        if (typeof body === 'string') throw new Error('There are media in it.');
        const sent = Buffer.concat(await body.open().toArray());
        const base64 = Buffer.from(bytes).toString('base64');
        expect(JSON.parse(sent.toString())).toEqual([words, base64, base64]);
        expect(body.sizeBytes).toBe(sent.length);
      },
    ),
  );
});

it('makes bytes and JSON while it sends them, each time anew, in their places', async () => {
  const slots = mediaSlots();
  const made = (...pieces: string[]) => ({
    sizeBytes: pieces.join('').length,
    pieces: () => pieces.map((piece) => Buffer.from(piece)),
  });
  const media = mediaPart('image', 'image/png', Buffer.from('picture'));
  const body = slots.fill(
    JSON.stringify([slots.holdJson(made('[[0.5', ',1.0]]')), slots.holdMade(made('ab', 'cde')), slots.hold(media)]),
  );
  if (typeof body === 'string') throw new Error('There is something in it.');
  for (let time = 0; time < 2; time++) {
    const sent = Buffer.concat(await body.open().toArray());
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    expect(sent.toString()).toBe(`[[[0.5,1.0]],"${base64('abcde')}","${base64('picture')}"]`);
    expect(body.sizeBytes).toBe(sent.length);
  }
});
