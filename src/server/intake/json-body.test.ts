import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type JsonBodyLimits, readJsonBody } from './json-body.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sensorium-test-'));
  vi.stubEnv('TMPDIR', folder);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const limits: JsonBodyLimits = {
  maxBytes: 64 * 2 ** 20,
  maxPartBytes: 32 * 2 ** 20,
  signal: new AbortController().signal,
};

function cut(bytes: Buffer, at: readonly number[]): Buffer[] {
  const edges = [0, ...at.filter((edge) => edge < bytes.length).sort((a, b) => a - b), bytes.length];
  return edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
}

async function* stream(pieces: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* pieces;
}

function read(body: string | Buffer, options: Partial<JsonBodyLimits> = {}, edges: readonly number[] = []) {
  return readJsonBody(stream(cut(Buffer.from(body), edges)), { ...limits, ...options });
}

const noise = (sizeBytes: number, seed = 1) => {
  const bytes = Buffer.alloc(sizeBytes);
  for (let at = 0, state = seed; at < sizeBytes; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    bytes[at] = state >> 16;
  }
  return bytes;
};
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const LONG = noise(300_000);
const padding = { padding: 'x'.repeat(300_000) };
const audio = (data: string) => JSON.stringify({ messages: [{ content: [{ input_audio: { data, format: 'wav' } }] }] });

async function refusal(promise: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error = await promise.then(
    () => ({ code: 'none', message: '' }),
    (thrown) => thrown,
  );
  expect(await readdir(folder), error.message).toEqual([]);
  return error;
}

/** How a test writes bytes as text: each may be met in the wild. */
const writings: readonly ((bytes: Buffer) => string)[] = [
  (bytes) => bytes.toString('base64'),
  (bytes) => bytes.toString('base64url'),
  (bytes) => `data:audio/wav;base64,${bytes.toString('base64')}`,
  (bytes) => `DATA:;charset=x; BASE64,${bytes.toString('base64')}`,
  (bytes) => bytes.toString('base64').replace(/.{76}/g, '$&\r\n'),
];
/** And how JSON writes that text. */
const quotings: readonly ((text: string) => string)[] = [
  (text) => JSON.stringify(text),
  (text) => JSON.stringify(text).replaceAll('/', '\\/'),
  (text) => JSON.stringify(text).replace(/[+=A]/g, (one) => `\\u00${one.charCodeAt(0).toString(16)}`),
];

describe('a small body', () => {
  it('is parsed as it is, wherever it is cut', async () => {
    const value = { messages: [{ role: 'user', content: 'Grüße, 你好 \\" {[' }], n: [1, 2.5e3, null, true] };
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(200)), async (edges) => {
        const { json, mediumOf } = await read(JSON.stringify(value), {}, edges);
        expect(json).toEqual(value);
        expect(mediumOf('sensorium-medium-0')).toBeNull();
      }),
      { numRuns: 50 },
    );
  });
});

describe('a large body', () => {
  const fields = [
    'input_audio.data',
    'image_url.url',
    'video_url.url',
    'audio_url.url',
    'file.file_data',
    'input_video.data',
  ];
  const medium = fc.record({
    field: fc.constantFrom(...fields),
    sizeBytes: fc.integer({ min: 40_000, max: 120_000 }),
    write: fc.constantFrom(...writings),
    quote: fc.constantFrom(...quotings),
    around: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })),
  });

  it('equals what JSON.parse gives, with its long media decoded, wherever it is cut', async () => {
    let diverted = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(medium, { minLength: 1, maxLength: 3 }),
        fc.jsonValue(),
        fc.array(fc.nat(900_000)),
        fc.boolean(),
        async (media, other, edges, spaced) => {
          const quoted: string[] = [];
          const parts = media.map(({ field, sizeBytes, write, quote, around }, index) => {
            const [outer = '', inner = ''] = field.split('.');
            const bytes = noise(sizeBytes, index + 7);
            quoted.push(quote(write(bytes)));
            return { bytes, text: write(bytes), around, outer, inner };
          });
          const value = {
            other,
            ...padding,
            content: parts.map(({ around, outer, inner }, index) => ({
              ...around,
              [outer]: { [inner]: `@@${index}@@`, format: 'wav' },
            })),
          };
          const body = JSON.stringify(value, null, spaced ? 1 : 0).replace(
            /"@@(\d)@@"/g,
            (_, index) => quoted[index] ?? '',
          );
          const { json, mediumOf, close } = await read(body, {}, edges);
          const expected = JSON.parse(body);
          const found = json as typeof expected;
          for (const [index, { bytes, text, outer, inner }] of parts.entries()) {
            const placeholder = found.content[index][outer][inner];
            const input = mediumOf(placeholder);
            if (text.length >= 64 * 1024) expect(input).not.toBeNull();
            if (input?.kind !== 'spooled') continue;
            diverted++;
            expect(input.source).toBe(/^data:/i.test(text) ? 'data-url' : 'bytes');
            expect(input.spool).toMatchObject({ sizeBytes: bytes.length, sha256: sha256(bytes) });
            expect((await readFile(input.spool.path)).equals(bytes)).toBe(true);
            found.content[index][outer][inner] = expected.content[index][outer][inner] = null;
          }
          expect(found).toEqual(expected);
          await close();
          expect(await readdir(folder)).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
    expect(diverted).toBeGreaterThan(60);
  });

  it('may come byte by byte', async () => {
    const body = audio(LONG.toString('base64'));
    const around = (middle: number) => Array.from({ length: 4_000 }, (_, index) => middle - 2_000 + index);
    const edges = [...around(2_000), ...around(200_000), ...around(body.length - 2_000)];
    const { mediumOf, json, close } = await read(body, {}, edges);
    const text = (json as { messages: [{ content: [{ input_audio: { data: string } }] }] }).messages[0].content[0]
      .input_audio.data;
    expect(mediumOf(text)).toMatchObject({ spool: { sha256: sha256(LONG) } });
    await close();
  });

  it('keeps long strings that are no media, addresses, and media in fields of another name', async () => {
    const long = 'A'.repeat(100_000);
    const value = {
      ...padding,
      data: long,
      url: long,
      metadata: { data: long },
      input_audio: [{ data: long }],
      image_url: { url: `https://example.org/${long}`, data: long },
      video_url: { url: `data:image/svg+xml,${long}` },
      text: 'a "quoted\\" {"input_audio":{"data":"',
    };
    const { json } = await read(JSON.stringify(value));
    expect(json).toEqual(value);
    expect(await readdir(folder)).toEqual([]);
  });

  it('knows a key however it is written', async () => {
    const body = audio(LONG.toString('base64'))
      .replace('"data"', '"d\\u0061ta"')
      .replace('input_audio', 'input\\u005faudio');
    const { mediumOf, json, close } = await read(body);
    const text = (json as { messages: [{ content: [{ input_audio: { data: string } }] }] }).messages[0].content[0]
      .input_audio.data;
    expect(mediumOf(text)).not.toBeNull();
    await close();
  });

  it('gives each body marks of its own, so that nobody can name the medium of another', async () => {
    const data = LONG.toString('base64');
    const first = await read(audio(data));
    const mark = JSON.stringify(first.json).match(/sensorium-medium-[0-9a-f]{32}-0/)?.[0] ?? '';
    expect(first.mediumOf(mark)).not.toBeNull();
    const second = await read(JSON.stringify({ ...padding, input_audio: { data: mark } }));
    expect(second.mediumOf(mark)).toBeNull();
    await first.close();
  });

  it.each<[string, string, string, RegExp]>([
    ['no base64', audio('§'.repeat(300_000)), 'media.broken', /input_audio\.data is not base64/],
    [
      'base64 with a stranger in the middle',
      audio(`${'A'.repeat(200_000)}*${'A'.repeat(200_000)}`),
      'media.broken',
      /input_audio\.data/,
    ],
    ['base64 with a stranger at the end', audio(`${'A'.repeat(300_000)}AA!`), 'media.broken', /input_audio\.data/],
    ['padding in the middle', audio(`${'A'.repeat(299_998)}==${'A'.repeat(4)}`), 'media.broken', /input_audio\.data/],
    ['too much padding', audio(`${'A'.repeat(300_000)}====`), 'media.broken', /input_audio\.data/],
    ['one character too many', audio('A'.repeat(300_001)), 'media.broken', /input_audio\.data/],
    ['a backslash', audio(`${'A'.repeat(300_000)}\\/AA`), 'media.broken', /input_audio\.data/],
    [
      'letters that resemble others in their lower half',
      audio(`${'A'.repeat(300_000)}${'\u0141'.repeat(4)}`),
      'media.broken',
      /input_audio/,
    ],
    [
      'a line break within a string',
      audio('A'.repeat(300_000)).replace('AAAA', 'AAA\n'),
      'server.bad-request',
      /not valid JSON/,
    ],
    [
      'an escape without sense',
      audio('A'.repeat(300_000)).replace('AAAA', 'AA\\x'),
      'server.bad-request',
      /not valid JSON/,
    ],
    ['half an escape', audio('A'.repeat(300_000)).replace('A"', '\\u00"'), 'server.bad-request', /not valid JSON/],
    ['nothing behind the string', audio('A'.repeat(300_000)).slice(0, 290_000), 'server.bad-request', /breaks off/],
    ['nothing behind the medium', audio('A'.repeat(300_000)).slice(0, -4), 'server.bad-request', /not valid JSON/],
    [
      'a medium that a second one hides',
      audio('A'.repeat(300_000)).replace('"format"', '"data":"x","f"'),
      'server.bad-request',
      /twice/,
    ],
  ])('is refused with %s', async (_, body, code, message) => {
    for (const edges of [[], [65_536, 131_072, 200_001, 262_143, 299_999]]) {
      expect(await refusal(read(body, {}, edges))).toMatchObject({ code, message: expect.stringMatching(message) });
    }
  });

  it('is refused when a medium is too large, before the rest has come', async () => {
    let sent = 0;
    async function* endless() {
      yield Buffer.from('{"messages":[{"content":[{"input_audio":{"data":"');
      for (; ; sent++) yield Buffer.from('A'.repeat(65_536));
    }
    const error = await refusal(readJsonBody(endless(), { ...limits, maxPartBytes: 1_000_000 }));
    expect(error).toMatchObject({ code: 'media.too-large', message: expect.stringMatching(/input_audio\.data/) });
    expect(sent).toBeLessThan(40);
  });
});

describe('any body', () => {
  const nested = (depth: number, pad = '') => `${'['.repeat(depth)}"${pad}"${']'.repeat(depth)}`;

  it.each<[string, string | Buffer, RegExp]>([
    ['nothing', '', /empty/],
    ['half of it', '{"a":', /breaks off/],
    ['no JSON', 'model=whisper', /not valid JSON/],
    ['a byte order mark', '\ufeff{}', /byte order mark/],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xc3, 0x28, 0x22]), /UTF-8/],
    ['a hundred thousand brackets', '['.repeat(100_000), /nests more than/],
    ['a million brackets', '['.repeat(1_000_000), /nests more than/],
    ['a million objects in one another', '{"a":'.repeat(1_000_000), /nests more than/],
    ['depth in a small body', nested(129), /nests more than/],
    ['depth in a large one', nested(129, 'x'.repeat(300_000)), /nests more than/],
    ['millions of values', `[${'[],'.repeat(1_000_000)}0]`, /values/],
    ['a small body’s secret words', '{"a": my secret words}', /not valid JSON/],
  ])('is refused with %s', async (_, body, message) => {
    const error = await refusal(read(body));
    expect(error).toMatchObject({ code: 'server.bad-request', message: expect.stringMatching(message) });
    expect(error.message).not.toMatch(/secret/);
  });

  it('may nest a little, and have brackets in its texts', async () => {
    for (const pad of ['', 'x'.repeat(300_000)]) {
      expect((await read(nested(128, pad))).json).toEqual(JSON.parse(nested(128, pad)));
      expect((await read(JSON.stringify(['[{'.repeat(1_000), '\\"['.repeat(1_000), pad]))).json).toHaveLength(3);
    }
  });

  it('keeps to its length and to the limit', async () => {
    const body = audio(LONG.toString('base64'));
    const small = '{"a":1}';
    for (const text of [body, small]) {
      const contentLength = text.length;
      await (await read(text, { contentLength })).close();
      for (const lie of [contentLength - 1, contentLength + 1]) {
        expect((await refusal(read(text, { contentLength: lie }))).code).toBe('server.bad-request');
      }
      expect((await refusal(read(text, { maxBytes: text.length - 1 }))).code).toBe('server.body-too-large');
      expect((await refusal(Promise.resolve().then(() => read(text, { maxBytes: 5, contentLength })))).code).toBe(
        'server.body-too-large',
      );
    }
    expect((await refusal(read(JSON.stringify('x'.repeat(33 * 2 ** 20))))).code).toBe('server.body-too-large');
  });

  it('is given up when cancelled, at any moment', async () => {
    for (const after of [0, 1, 3, 5]) {
      const controller = new AbortController();
      async function* slow() {
        yield Buffer.from('{"messages":[{"content":[{"input_audio":{"data":"');
        for (let sent = 0; ; sent++) {
          if (sent === after) setImmediate(() => controller.abort());
          if (sent > after) await new Promise(() => {});
          yield Buffer.from('A'.repeat(131_072));
        }
      }
      expect((await refusal(readJsonBody(slow(), { ...limits, signal: controller.signal }))).code).toBe(
        'kit.cancelled',
      );
    }
  });
});

describe('over HTTP', () => {
  it('notices a client that goes away, and can still answer one that sends too much', async () => {
    const codes: string[] = [];
    let settled = () => {};
    const server = createServer((request, response) => {
      readJsonBody(request, { ...limits, maxBytes: 1_000_000 }).catch((error) => {
        codes.push(error.code);
        response.writeHead(413, { connection: 'close' }).end(error.code);
        settled();
      });
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const open = () => httpRequest({ port, method: 'POST', host: '127.0.0.1' });

    const gone = new Promise<void>((resolve) => {
      settled = resolve;
    });
    const leaving = open();
    leaving.on('error', () => {});
    leaving.write(audio('A'.repeat(600_000)).slice(0, 500_000));
    setTimeout(() => leaving.destroy(), 50);
    await gone;
    expect(codes).toEqual(['kit.cancelled']);
    expect(await readdir(folder)).toEqual([]);

    const answered = new Promise((resolve) =>
      open()
        .on('response', (reply) => resolve(reply.statusCode))
        .end(audio('A'.repeat(1_200_000))),
    );
    expect(await answered).toBe(413);
    expect(codes[1]).toBe('server.body-too-large');
    server.closeAllConnections();
    server.close();
  });
});

it('reads a stream of Node’s own', async () => {
  const { json } = await readJsonBody(Readable.from([Buffer.from('{"a"'), Buffer.from(':1}')]), limits);
  expect(json).toEqual({ a: 1 });
});
