import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { pcm16, sine, wavFile } from './__fixtures__/wav.ts';
import { spool, takeMedia } from './index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sensorium-test-'));
  vi.stubEnv('TMPDIR', folder);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const signal = new AbortController().signal;
const tone = wavFile(pcm16(sine(440, 16_000, 1)));
const options = { name: 'file', maxBytes: 10_000_000, signal };
const taking = { part: 'part-1', signal, note: () => {} };

async function* pieces(bytes: Uint8Array, step: number) {
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
}

it.each([7, 1_000, 262_144, 300_000, 1_000_000])(
  'keeps what comes %i bytes at a time, for this user alone',
  async (step) => {
    const bytes = Buffer.from(Array.from({ length: 700_001 }, (_, at) => (at * 31) >> 5));
    const made = await spool(pieces(bytes, step), options);
    expect(made).toMatchObject({ sizeBytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
    expect((await readFile(made.path)).equals(bytes)).toBe(true);
    expect((await stat(made.path)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(made.path))).mode & 0o777).toBe(0o700);
    await made.close();
    await made.close();
    expect(await readdir(folder)).toEqual([]);
  },
);

it('is taken over without a copy, and then belongs to the part', async () => {
  const made = await spool([tone], options);
  const part = await takeMedia({ kind: 'spooled', spool: made, name: '../a.wav', source: 'data-url' }, taking);
  expect(part.media).toMatchObject({ name: 'a.wav', source: 'data-url', sizeBytes: tone.length, sha256: made.sha256 });
  expect(await readdir(folder)).toHaveLength(1);
  await made.close();
  expect(Buffer.from(await part.bytes())).toEqual(tone);
  await expect(takeMedia({ kind: 'spooled', spool: made }, taking)).rejects.toThrow(/taken before/);
  expect(existsSync(made.path)).toBe(true);
  await part.close();
  expect(await readdir(folder)).toEqual([]);
});

it('is freed when what was taken over is refused', async () => {
  const nonsense = await spool([Buffer.from('PK\x03\x04 nothing')], options);
  await expect(takeMedia({ kind: 'spooled', spool: nonsense }, taking)).rejects.toMatchObject({
    code: 'media.unsupported',
  });
  expect(await readdir(folder)).toEqual([]);
  const large = await spool([tone], options);
  const limits = { maxBytes: 1_000 };
  await expect(takeMedia({ kind: 'spooled', spool: large }, { ...taking, limits })).rejects.toMatchObject({
    code: 'media.too-large',
  });
  await large.close();
  expect(await readdir(folder)).toEqual([]);
});

it.each<[string, () => AsyncGenerator<Uint8Array>, string]>([
  ['nothing comes', async function* () {}, 'media.empty'],
  ['too much comes', () => pieces(Buffer.alloc(10_000_001), 65_536), 'media.too-large'],
  [
    'the disk is full',
    async function* () {
      yield tone;
      throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    },
    'kit.disk-full',
  ],
])('leaves nothing behind when %s', async (_, bytes, code) => {
  await expect(spool(bytes(), options)).rejects.toMatchObject({ code });
  expect(await readdir(folder)).toEqual([]);
});

it('stops when cancelled, and leaves nothing behind', async () => {
  const controller = new AbortController();
  async function* endless() {
    for (let sent = 0; ; sent++) {
      if (sent === 3) controller.abort();
      yield tone;
    }
  }
  await expect(spool(endless(), { ...options, signal: controller.signal })).rejects.toMatchObject({
    code: 'kit.cancelled',
  });
  expect(await readdir(folder)).toEqual([]);
});
