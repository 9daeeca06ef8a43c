import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type FormLimits, readForm } from './form.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sensorium-test-'));
  vi.stubEnv('TMPDIR', folder);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const limits = {
  contentType: 'multipart/form-data; boundary=XX',
  maxBytes: 10_000_000,
  maxPartBytes: 5_000_000,
  signal: new AbortController().signal,
};

const SOUND = Buffer.from(Array.from({ length: 200_000 }, (_, at) => (at * 7 + (at >> 8)) & 255));
const field = (name: string, value: string) =>
  `--XX\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const fileHead = (field = 'file', name = 'speech.wav') =>
  `--XX\r\nContent-Disposition: form-data; name="${field}"; filename="${name}"\r\nContent-Type: audio/wav\r\n\r\n`;
const END = '--XX--\r\n';

function bodyOf(...parts: (string | Buffer)[]): Buffer {
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

function read(body: Buffer, options: Partial<FormLimits> = {}, edges: readonly number[] = []) {
  const cuts = [0, ...edges.filter((edge) => edge < body.length).sort((a, b) => a - b), body.length];
  async function* pieces() {
    for (const [index, to] of cuts.slice(1).entries()) yield body.subarray(cuts[index], to);
  }
  return readForm(pieces(), { ...limits, ...options });
}

it('reads fields and a file in any order, wherever the body is cut', async () => {
  const file = [fileHead('file', '../../etc/Grüße.wav'), SOUND, '\r\n'];
  const fields = [field('model', 'whisper'), field('include[]', 'a'), field('include[]', 'b'), field('include', 'c')];
  const sha256 = createHash('sha256').update(SOUND).digest('hex');
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(fc.nat(210_000), { maxLength: 30 }), async (fileFirst, edges) => {
      const body = fileFirst ? bodyOf(...file, ...fields, END) : bodyOf(...fields, ...file, END);
      const form = await read(body, { contentLength: body.length }, edges);
      expect([...form.fields]).toEqual([
        ['model', ['whisper']],
        ['include', ['a', 'b', 'c']],
      ]);
      expect(form.file).toMatchObject({
        kind: 'spooled',
        name: 'Grüße.wav',
        spool: { sha256, sizeBytes: SOUND.length },
      });
      expect((await readFile(form.file!.spool.path)).equals(SOUND)).toBe(true);
      await form.close();
      await form.close();
      expect(await readdir(folder)).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

it('reads a form without a file', async () => {
  const form = await read(bodyOf(field('__proto__', 'x'), field('a', ''), END));
  expect([...form.fields]).toEqual([
    ['__proto__', ['x']],
    ['a', ['']],
  ]);
  expect(form.file).toBeNull();
  await form.close();
});

const whole = bodyOf(fileHead(), SOUND, '\r\n', END);

it.each<[string, Buffer, Partial<FormLimits>, string, RegExp]>([
  [
    'another kind of body',
    Buffer.from('a=b'),
    { contentType: 'application/x-www-form-urlencoded' },
    'server.bad-request',
    /multipart/,
  ],
  ['no content type', whole, { contentType: undefined }, 'server.bad-request', /multipart/],
  ['no boundary', whole, { contentType: 'multipart/form-data' }, 'server.bad-request', /boundary/],
  ['another boundary', whole, { contentType: 'multipart/form-data; boundary=YY' }, 'server.bad-request', /malformed/],
  ['nothing in it', Buffer.alloc(0), {}, 'server.bad-request', /malformed/],
  ['a file that breaks off', whole.subarray(0, 150_000), {}, 'server.bad-request', /malformed/],
  ['a field that breaks off', bodyOf(field('a', 'b').slice(0, -4)), {}, 'server.bad-request', /malformed/],
  ['a head that breaks off', bodyOf(fileHead().slice(0, 40)), {}, 'server.bad-request', /malformed/],
  ['two files', bodyOf(fileHead(), 'a\r\n', fileHead(), 'b\r\n', END), {}, 'server.bad-request', /more than one file/],
  ['a file in another field', bodyOf(fileHead('audio'), 'a\r\n', END), {}, 'server.bad-request', /another field/],
  ['an empty file', bodyOf(fileHead(), '\r\n', END), {}, 'media.empty', /file/],
  ['a file that is too large', whole, { maxPartBytes: 100_000 }, 'media.too-large', /file/],
  ['a body that is too large', whole, { maxBytes: 100_000 }, 'server.body-too-large', /larger/],
  ['a length that lies', whole, { contentLength: whole.length + 1 }, 'server.bad-request', /promised/],
  ['a field that is too long', bodyOf(field('prompt', 'x'.repeat(300_000)), END), {}, 'server.bad-request', /longer/],
  [
    'too many fields',
    bodyOf(...Array.from({ length: 65 }, (_, at) => field(`f${at}`, 'x')), END),
    {},
    'server.bad-request',
    /fields/,
  ],
  [
    'a field without a name',
    bodyOf('--XX\r\nContent-Disposition: form-data\r\n\r\nx\r\n', END),
    {},
    'server.bad-request',
    /name/,
  ],
])('refuses %s', async (_, body, options, code, message) => {
  for (const edges of [[], [100, 40_000, 80_000, 120_000, 160_000]]) {
    await expect(Promise.resolve().then(() => read(body, options, edges))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    expect(await readdir(folder)).toEqual([]);
  }
});

it('is given up when cancelled in the middle of the file', async () => {
  const controller = new AbortController();
  async function* slow() {
    yield whole.subarray(0, 100_000);
    setImmediate(() => controller.abort());
    await new Promise(() => {});
  }
  await expect(readForm(slow(), { ...limits, signal: controller.signal })).rejects.toMatchObject({
    code: 'kit.cancelled',
  });
  expect(await readdir(folder)).toEqual([]);
});
