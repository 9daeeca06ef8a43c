import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, vi } from 'vitest';
import type { Loss } from '#contract/loss.ts';
import type { MediaPart } from '#contract/media.ts';
import { runCommand } from '#kit/command.ts';
import { wavFile } from '#kit/pcm.ts';
import { takeMedia } from '#media/index.ts';
import { findFfmpeg } from '#runtime/ffmpeg.ts';

/**
 * A folder for the files of one test file, removed after it. Temporary files of the product lie in it too, away from those
 * of other tests: `leftovers` says how many folders of them there are.
 */
export function testFolder(): { readonly path: string; leftovers(): number } {
  const path = mkdtempSync(join(tmpdir(), 'native-test-'));
  const temporary = join(path, 'tmp');
  mkdirSync(temporary);
  beforeAll(() => void vi.stubEnv('TMPDIR', temporary));
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(path, { recursive: true, force: true });
  });
  return { path, leftovers: () => readdirSync(temporary).length };
}

/** Has ffmpeg make a file, and takes it in. */
export async function generated(folder: string, name: string, ...args: string[]): Promise<MediaPart> {
  await ffmpeg(...args, '-y', join(folder, name));
  return taken(join(folder, name));
}

export async function ffmpeg(...args: string[]): Promise<string> {
  const program = await findFfmpeg();
  if (!program) throw new Error('These tests need ffmpeg.');
  const { code, stdout, stderr } = await runCommand(program, ['-hide_banner', '-nostdin', '-loglevel', 'error', ...args]);
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

export function taken(path: string): Promise<MediaPart> {
  return takeMedia({ kind: 'path', path }, { part: 'part-1', signal: new AbortController().signal, note: () => {} });
}

/** Takes a made part in again, as somebody who receives its bytes would. */
export async function received(part: MediaPart): Promise<MediaPart> {
  return takeMedia(
    { kind: 'bytes', bytes: await part.bytes(), name: part.media.name },
    { part: 'again', signal: new AbortController().signal, note: () => {} },
  );
}

/** A picture with a pattern. */
export function picture(folder: string, name: string, width: number, height: number, ...more: string[]) {
  return generated(folder, name, '-f', 'lavfi', '-i', `testsrc2=s=${width}x${height}:r=1:d=1`, '-frames:v', '1', ...more);
}

/** Speech-like sound: noise in words, with pauses between them at the times given, in seconds. */
export function recording(folder: string, name: string, seconds: number, pausesAt: readonly number[] = []) {
  const pcm = new Float32Array(Math.round(seconds * 16_000));
  let state = 7;
  for (let at = 0; at < pcm.length; at++) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    const isPause = pausesAt.some((pause) => Math.abs(at / 16_000 - pause) < 0.2);
    pcm[at] = isPause ? 0 : (state / 1_073_741_824 - 1) * 0.4;
  }
  const path = join(folder, name);
  writeFileSync(path, wavFile(pcm, 16_000));
  return taken(path);
}

/**
 * A video of 10 frames a second whose scenes begin at known times, seen through filters of ffmpeg: one pattern after the
 * other, or one of the pictures given, over which the camera moves.
 */
export async function scenes(
  folder: string,
  name: string,
  lengths: readonly number[],
  seenThrough = 'null',
  pictures: readonly string[] = [],
) {
  const kinds = ['testsrc2=', 'smptebars=', 'mandelbrot=', 'testsrc=', 'rgbtestsrc=', 'color=c=teal:'];
  const inputs = lengths.flatMap((seconds, at) => {
    const shown = pictures[at % Math.max(1, pictures.length)];
    const source = shown
      ? ['-loop', '1', '-r', '10', '-t', String(seconds), '-i', shown]
      : ['-t', String(seconds), '-f', 'lavfi', '-i', `${kinds[at % kinds.length]}s=320x240:r=10`];
    return source;
  });
  const moving = pictures.length > 0 ? "scale=400:300,crop=320:240:x='min(n*2,80)':y='min(n,60)'," : '';
  const each = lengths.map((_, at) => `[${at}:v]${moving}format=yuv420p,setsar=1[v${at}];`).join('');
  const joined = lengths.map((_, at) => `[v${at}]`).join('');
  const chain = `${each}${joined}concat=n=${lengths.length},${seenThrough}[v]`;
  return generated(folder, name, ...inputs, '-filter_complex', chain, '-map', '[v]', '-r', '10');
}

/** A place to note losses, and a signal. */
export function context(signal = new AbortController().signal) {
  const losses: Loss[] = [];
  return { signal, losses, note: (loss: Loss) => void losses.push(loss) };
}
