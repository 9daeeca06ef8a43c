import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findFfmpeg } from '../ffmpeg.ts';
import { childProcesses } from './__fixtures__/child-processes.ts';
import { encodeWithFfmpeg, ffmpegEncoders } from './ffmpeg.ts';

const folder = await mkdtemp(join(tmpdir(), 'encode-'));
afterAll(() => rm(folder, { recursive: true }));

const signal = new AbortController().signal;
const output = { inputRateHz: 24_000, coding: ['-f', 's16le'] };

it('knows what ffmpeg was built with', async () => {
  const encoders = await ffmpegEncoders((await findFfmpeg()) ?? 'ffmpeg');
  for (const name of ['libmp3lame', 'libopus', 'aac', 'flac', 'pcm_s16le']) expect([...encoders]).toContain(name);
  expect(encoders.has('=')).toBe(false);
  expect(await ffmpegEncoders('sensorium-has-no-such-program')).toEqual(new Set());
});

describe.skipIf(process.platform !== 'linux')('a process that dies', () => {
  async function program(name: string, script: string): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
    return path;
  }

  async function encodedBy(path: string) {
    const before = childProcesses();
    let released = false;
    async function* pcm() {
      try {
        for (;;) yield new Uint8Array(4_800);
      } finally {
        released = true;
      }
    }
    let bytes = 0;
    const all = async () => {
      for await (const piece of encodeWithFfmpeg(path, output, pcm(), signal)) bytes += piece.length;
    };
    const error = await all().then(
      () => null,
      (thrown) => thrown,
    );
    expect(childProcesses()).toBeLessThanOrEqual(before);
    expect(released).toBe(true);
    return { bytes, error };
  }

  it('gives what it made and then says that it failed, without what it complained about', async () => {
    const path = await program('dies', 'head -c 1000; echo "secret $0" >&2; exit 3');
    const { bytes, error } = await encodedBy(path);
    expect(bytes).toBe(1_000);
    expect(error).toMatchObject({ code: 'speak.encoding-failed', details: { exitCode: 3 } });
    expect(error.message + error.hint + JSON.stringify(error.details)).not.toContain('dies');
  });

  it('fails also when it is killed, leaves in peace before the end, or cannot be started', async () => {
    for (const script of ['kill -9 $$', 'exit 0']) {
      expect((await encodedBy(await program('ends', script))).error).toMatchObject({ code: 'speak.encoding-failed' });
    }
    expect((await encodedBy(join(folder, 'missing'))).error).toMatchObject({ code: 'speak.encoding-failed' });
  });

  it('is gone when its reader leaves, even where a script stands before it', async () => {
    const path = await program('wrapped', 'echo begun; cat > /dev/null; true');
    const before = childProcesses();
    const controller = new AbortController();
    const endless: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }),
    };
    const encoding = encodeWithFfmpeg(path, output, endless, controller.signal);
    expect(Buffer.from((await encoding.next()).value ?? []).toString()).toBe('begun\n');
    const next = encoding.next();
    controller.abort();
    await expect(next).rejects.toMatchObject({ code: 'kit.cancelled' });
    expect(childProcesses()).toBeLessThanOrEqual(before);
  });
});
