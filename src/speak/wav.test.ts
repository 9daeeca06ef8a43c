import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { pcm16 } from '#kit/pcm.ts';
import { openWav } from './wav.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wav-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('writes a file under its name only when it is whole, with its real sizes', async () => {
  const path = join(folder, 'reply.wav');
  const wav = await openWav(path);
  await wav.write(Float32Array.of(0, 0.5, -1), 24_000);
  await wav.write(Float32Array.of(2, Number.NaN), 24_000);
  expect(await readdir(folder)).not.toContain('reply.wav');
  expect(await wav.finish()).toBe(path);
  await wav.discard();
  expect(await readdir(folder)).toEqual(['reply.wav']);
  const bytes = await readFile(path);
  expect(bytes.length).toBe(44 + 10);
  expect(bytes.toString('latin1', 0, 4) + bytes.toString('latin1', 8, 16)).toBe('RIFFWAVEfmt ');
  expect([bytes.readUInt32LE(4), bytes.readUInt32LE(24), bytes.readUInt32LE(40)]).toEqual([46, 24_000, 10]);
  expect([0, 1, 2, 3, 4].map((i) => bytes.readInt16LE(44 + 2 * i))).toEqual([0, 16_384, -32_767, 32_767, 0]);
});

it('streams with unknown sizes', async () => {
  const pipe = new PassThrough();
  const all = buffer(pipe);
  const wav = await openWav(pipe);
  await wav.write(Float32Array.of(0.25), 8_000);
  expect(await wav.finish()).toBeNull();
  pipe.end();
  const bytes = await all;
  expect([bytes.readUInt32LE(4), bytes.readUInt32LE(40)]).toEqual([0xffffffff, 0xffffffff]);
  expect(bytes.length).toBe(46);
});

it('leaves nothing behind when discarded or never written to', async () => {
  const path = join(folder, 'reply.wav');
  await writeFile(path, 'before');
  const wav = await openWav(path);
  await wav.write(new Float32Array(100), 24_000);
  await wav.discard();
  expect(await (await openWav(path)).finish()).toBeNull();
  expect(await readdir(folder)).toEqual(['reply.wav']);
  expect(await readFile(path, 'utf8')).toBe('before');
});

it('says why it cannot write', async () => {
  await expect(openWav(join(folder, 'missing', 'x.wav'))).rejects.toMatchObject({
    code: 'cli.cannot-write',
    message: expect.stringContaining('folder does not exist'),
  });
  await expect(openWav(folder)).rejects.toMatchObject({ code: 'cli.cannot-write' });
  const full = new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error(), { code: 'ENOSPC' })),
  });
  const wav = await openWav(full);
  await expect(wav.write(Float32Array.of(0), 24_000)).rejects.toMatchObject({ code: 'kit.disk-full' });
});

it.skipIf(process.platform !== 'linux')(
  'finds a real disk full and writes to a device without replacing it',
  async () => {
    const full = await openWav('/dev/full');
    await expect(full.write(new Float32Array(10), 24_000)).rejects.toMatchObject({ code: 'kit.disk-full' });
    const nothing = await openWav('/dev/null');
    await nothing.write(new Float32Array(10), 24_000);
    expect(await nothing.finish()).toBeNull();
    expect(await readdir('/dev')).toContain('null');
  },
);

it('keeps every sample within half a step', () => {
  fc.assert(
    fc.property(fc.float32Array({ min: -1, max: 1, noNaN: true, maxLength: 200 }), (pcm) => {
      const bytes = Buffer.from(pcm16(pcm));
      pcm.forEach((value, i) => {
        expect(Math.abs(bytes.readInt16LE(2 * i) / 32_767 - value)).toBeLessThanOrEqual(0.5 / 32_767 + 1e-9);
      });
    }),
  );
});
