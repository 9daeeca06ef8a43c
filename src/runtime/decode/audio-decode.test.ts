import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { workerStates } from '../worker/host.ts';
import { decodeWithoutFfmpeg } from './audio-decode.ts';

const folder = await mkdtemp(join(tmpdir(), 'sensorium-test-'));
afterAll(() => rm(folder, { recursive: true }));

// Ten seconds of 16-bit stereo, all in one chunk: decoded at once.
const FRAMES = 441_000;
const path = join(folder, 'silence.wav');
const head = Buffer.from(
  'RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x02\0\x44\xac\0\0\x10\xb1\x02\0\x04\0\x10\0data',
  'latin1',
);
const sizeField = Buffer.alloc(4);
sizeField.writeUInt32LE(FRAMES * 4);
head.writeUInt32LE(36 + FRAMES * 4, 4);
await writeFile(path, Buffer.concat([head, sizeField, Buffer.alloc(FRAMES * 4)]));
const request = { path, format: 'wav', chunkBytes: FRAMES * 4 + 44, maxRssBytes: 2 ** 30 };
const signal = new AbortController().signal;

it('hands on in small pieces what was decoded at once', async () => {
  let frames = 0;
  for await (const { channels } of decodeWithoutFfmpeg(request, signal)) {
    expect(channels).toHaveLength(2);
    expect(channels[0]?.length).toBeLessThanOrEqual(2 ** 17);
    frames += channels[0]?.length ?? 0;
  }
  expect(frames).toBe(FRAMES);
});

it('ends the process that needs more memory than allowed', async () => {
  const decoding = async () => {
    for await (const _ of decodeWithoutFfmpeg({ ...request, maxRssBytes: 1 }, signal)) {
      // It may be gone while nothing is asked of it.
      await expect.poll(() => workerStates().filter(({ name, pid }) => name === 'decode' && pid)).toEqual([]);
    }
  };
  await expect(decoding()).rejects.toMatchObject({ code: 'runtime.worker-died' });
});
