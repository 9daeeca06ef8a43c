import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { childProcesses } from '../encode/__fixtures__/child-processes.ts';
import { findFfmpeg } from '../ffmpeg.ts';
import { transcode } from './transcode.ts';

const folder = await mkdtemp(join(tmpdir(), 'transcode-'));
afterAll(() => rm(folder, { recursive: true }));
const signal = new AbortController().signal;
const ffmpeg = async () => (await findFfmpeg()) ?? 'ffmpeg';

async function program(script: string): Promise<string> {
  const path = join(folder, `program-${script.length}`);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

it('runs to the end and hands over what is printed', async () => {
  const source = join(folder, 'tone.raw');
  await writeFile(source, Buffer.alloc(3_200));
  const target = join(folder, 'tone.wav');
  const raw = ['-f', 's16le', '-ar', '16000', '-ac', '1', '-i', `file:${source}`];
  let printed = '';
  const run = await transcode(await ffmpeg(), raw, ['-progress', 'pipe:1', '-f', 'wav', `file:${target}`], {
    signal,
    timeoutMs: 10_000,
    onOutput: (bytes) => {
      printed += bytes.toString();
    },
  });
  expect(run).toEqual({ outcome: 'done', stderr: '' });
  expect((await readFile(target)).toString('latin1', 0, 4)).toBe('RIFF');
  expect(printed).toContain('progress=end');
});

it('says that it failed, with what was complained about', async () => {
  const run = await transcode(await ffmpeg(), ['-f', 'wav', '-i', 'file:/nowhere'], ['-f', 'null', '-'], {
    signal,
    timeoutMs: 10_000,
  });
  expect(run.outcome).toBe('failed');
  expect(run.stderr).toContain('No such file');
  expect((await transcode('sensorium-has-no-such-program', [], [], { signal, timeoutMs: 10_000 })).outcome).toBe(
    'failed',
  );
});

it('opens nothing but files', async () => {
  const list = join(folder, 'list.m3u8');
  await writeFile(list, '#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n');
  const run = await transcode(await ffmpeg(), ['-f', 'hls', '-i', `file:${list}`], ['-f', 'null', '-'], {
    signal,
    timeoutMs: 10_000,
  });
  expect(run.outcome).toBe('failed');
  expect(run.stderr).toMatch(/not (on|in) (the )?whitelist|whitelist/i);
});

it.skipIf(process.platform !== 'linux')('is killed when its time is over, and when it is cancelled', async () => {
  const before = childProcesses();
  const slow = await program('exec sleep 60');
  expect((await transcode(slow, [], [], { signal, timeoutMs: 30 })).outcome).toBe('timed-out');
  const aborter = new AbortController();
  const run = transcode(slow, [], [], { signal: aborter.signal, timeoutMs: 60_000 });
  setTimeout(() => aborter.abort(), 20);
  await expect(run).rejects.toMatchObject({ code: 'kit.cancelled' });
  await expect(transcode(slow, [], [], { signal: aborter.signal, timeoutMs: 60_000 })).rejects.toMatchObject({
    code: 'kit.cancelled',
  });
  expect(childProcesses()).toBeLessThanOrEqual(before);
});
