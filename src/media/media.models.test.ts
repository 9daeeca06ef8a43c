import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync, readFileSync } from 'node:fs';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Loss } from '#contract/loss.ts';
import type { MediaPart } from '#contract/media.ts';
import { runCommand } from '#kit/command.ts';
import { findFfmpeg } from '#runtime/ffmpeg.ts';
import { wavFile } from './__fixtures__/wav.ts';
import { audioDecodeDecoder } from './engines/audio-decode/engine.ts';
import { ffmpegDecoder } from './engines/ffmpeg/engine.ts';
import { wavDecoder } from './engines/wav/engine.ts';
import { type Decoder, takeMedia } from './index.ts';

const data = new URL('../../../shared/data/', import.meta.url).pathname;
const here = existsSync(join(data, 'manifest.jsonl'));

interface Row {
  readonly file: string;
  readonly modality: string;
  readonly duration_s: number | null;
  readonly sha256: string;
}
const rows: Row[] = here
  ? readFileSync(join(data, 'manifest.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  : [];
const heard = rows.filter((row) => row.duration_s !== null);
console.log(
  `media: ${heard.length} recordings of ${rows.length} files${here ? '' : ' (shared data is absent: skipped)'}`,
);

async function taken(path: string, decoders?: readonly Decoder[]): Promise<{ part: MediaPart; losses: Loss[] }> {
  const losses: Loss[] = [];
  const part = await takeMedia(
    { kind: 'path', path },
    {
      part: 'part-1',
      signal: new AbortController().signal,
      note: (loss) => losses.push(loss),
      ...(decoders ? { decoders } : {}),
    },
  );
  return { part, losses };
}

async function durationMs(part: MediaPart): Promise<number> {
  let samples = 0;
  for await (const piece of part.sound?.pcm() ?? []) samples += piece.length;
  return samples / 16;
}

describe.skipIf(!here)('recordings', () => {
  it('has them all', () => expect(heard.length).toBeGreaterThanOrEqual(23));

  it.each(heard)('$file is as long as it should be', async (row) => {
    const { part, losses } = await taken(join(data, row.file));
    expect(part.media.kind).toBe(row.file.startsWith('video/') ? 'video' : 'audio');
    expect(part.media.sha256).toBe(row.sha256);
    expect(Math.abs((await durationMs(part)) - 1_000 * (row.duration_s ?? 0))).toBeLessThan(100);
    expect(losses.map(({ kind }) => kind)).toEqual(row.file.includes('truncated') ? ['truncated'] : []);
  });

  it('tells every picture and text, and refuses the empty file', async () => {
    const others = rows.filter((row) => row.duration_s === null && !row.file.startsWith('broken/'));
    expect(others.length).toBeGreaterThan(8);
    for (const row of others) {
      const { part } = await taken(join(data, row.file));
      expect([part.media.kind, part.sound]).toEqual([row.modality, undefined]);
    }
    await expect(taken(join(data, 'broken/empty.wav'))).rejects.toMatchObject({ code: 'media.empty' });
  });

  it('hears the same with and without ffmpeg', async () => {
    for (const file of ['audio/zh_homophone_words.mp3', 'audio/none_ding.flac']) {
      const [one, other] = await Promise.all(
        [ffmpegDecoder, audioDecodeDecoder].map(async (decoder) => {
          const samples: number[] = [];
          for await (const piece of (await taken(join(data, file), [decoder])).part.sound?.pcm() ?? [])
            samples.push(...piece);
          return samples;
        }),
      );
      expect(Math.abs((one?.length ?? 0) - (other?.length ?? 0)) / 16).toBeLessThan(80);
    }
  });
});

/** The most memory this process and its helpers held above the start, in MiB, while `work` went on. */
async function growthMiB(work: () => Promise<void>): Promise<number> {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss() + helpersRss());
  }, 50);
  await work();
  clearInterval(timer);
  return (most - before) / 2 ** 20;
}

function helpersRss(): number {
  const children = `/proc/self/task/${process.pid}/children`;
  if (!existsSync(children)) return 0;
  return readFileSync(children, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .reduce((sum, pid) => {
      try {
        return sum + 1_024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
      } catch {
        return sum;
      }
    }, 0);
}

describe('three hours', () => {
  const HOURS = 3;
  const RATE = 24_000;
  let folder: string;
  let wav: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sensorium-test-'));
    wav = join(folder, 'long.wav');
    const out = createWriteStream(wav);
    const secondBytes = RATE * 2;
    const head = wavFile(new Uint8Array(0), { sampleRateHz: RATE, dataSize: HOURS * 3_600 * secondBytes });
    out.write(head);
    const second = Buffer.alloc(secondBytes);
    for (let at = 0; at < RATE; at++)
      second.writeInt16LE(Math.round(9_000 * Math.sin(at / 9) * Math.sin(at / 2_000)), at * 2);
    for (let count = 0; count < HOURS * 3_600; count++) {
      if (!out.write(second)) await once(out, 'drain');
    }
    await new Promise<void>((resolve) => out.end(() => resolve()));
  });
  afterAll(() => rm(folder, { recursive: true }));

  // Ten minutes of frames without a head, 18 times over: encoding three hours would take longer than the test.
  async function longMp3(path: string): Promise<void> {
    const piece = join(folder, 'piece.mp3');
    const plain = ['-t', '600', '-b:a', '32k', '-write_xing', '0', '-id3v2_version', '0'];
    const made = await runCommand((await findFfmpeg()) ?? 'ffmpeg', ['-v', 'error', '-i', wav, ...plain, piece]);
    expect(made.stderr).toBe('');
    const frames = await readFile(piece);
    for (let count = 0; count < HOURS * 6; count++) await appendFile(path, frames);
  }

  it.each<[string, Decoder]>([
    ['long.wav', wavDecoder],
    ['long.mp3', ffmpegDecoder],
    ['long.mp3', audioDecodeDecoder],
  ])('of %s stay under 200 MB', async (name, decoder) => {
    const path = join(folder, name);
    if (!existsSync(path)) await longMp3(path);
    let lengthMs = 0;
    const startedMs = performance.now();
    const growth = await growthMiB(async () => {
      const { part } = await taken(path, [decoder]);
      lengthMs = await durationMs(part);
    });
    const tookS = (performance.now() - startedMs) / 1_000;
    console.log(`media: 3 h of ${name} with ${decoder.id}: +${growth.toFixed(0)} MiB, ${tookS.toFixed(1)} s`);
    expect(Math.abs(lengthMs - HOURS * 3_600_000)).toBeLessThan(3_000);
    expect(growth).toBeLessThan(200);
  });

  it('hashes the file on the way in', async () => {
    const { part } = await taken(wav);
    const hash = createHash('sha256');
    for await (const bytes of createReadStream(wav)) hash.update(bytes as Buffer);
    expect(part.media.sha256).toBe(hash.digest('hex'));
  });
});
