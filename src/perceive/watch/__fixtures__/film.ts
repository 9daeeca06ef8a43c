import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MediaPart } from '#contract/media.ts';
import { runCommand } from '#kit/command.ts';
import { takeMedia } from '#media/index.ts';
import { findFfmpeg } from '#runtime/ffmpeg.ts';

export const FILM = { width: 640, height: 360, fps: 10 } as const;

/** A grey picture to draw on. */
export class Canvas {
  readonly grey = new Uint8Array(FILM.width * FILM.height);

  fill(value: number | ((x: number, y: number) => number)): void {
    for (let y = 0, at = 0; y < FILM.height; y++) {
      for (let x = 0; x < FILM.width; x++, at++) this.grey[at] = typeof value === 'number' ? value : value(x, y);
    }
  }

  rectangle(left: number, top: number, width: number, height: number, value: (x: number, y: number) => number): void {
    for (let y = Math.max(0, top); y < Math.min(FILM.height, top + height); y++) {
      for (let x = Math.max(0, left); x < Math.min(FILM.width, left + width); x++) {
        this.grey[y * FILM.width + x] = value(x - left, y - top);
      }
    }
  }

  /** Something that looks like writing: each character is a pattern of 5×7 dots of its own, `dot` pixels wide. */
  write(left: number, top: number, text: string, dot: number, value: number): void {
    [...text].forEach((character, index) => {
      if (character === ' ') return;
      for (let y = 0; y < 7; y++) {
        for (let x = 0; x < 5; x++) {
          if (!isInk(character, y * 5 + x)) continue;
          this.rectangle(left + (index * 6 + x) * dot, top + y * dot, dot, dot, () => value);
        }
      }
    });
  }
}

function isInk(character: string, bit: number): boolean {
  let state = (character.codePointAt(0) ?? 0) * 2_654_435_761 + bit * 40_503;
  state = Math.imul(state ^ (state >>> 15), 2_246_822_519);
  return ((state ^ (state >>> 13)) & 1) === 1;
}

/** Films drawn frame by frame, encoded by ffmpeg as a camera or a recorder of screens would: H.264, with its noise. */
export async function film(
  folder: string,
  name: string,
  seconds: number,
  draw: (canvas: Canvas, atSeconds: number) => void,
  more: readonly string[] = [],
  inputs: readonly string[] = [],
): Promise<MediaPart> {
  const canvas = new Canvas();
  const frames = Array.from({ length: Math.round(seconds * FILM.fps) }, (_, at) => {
    draw(canvas, at / FILM.fps);
    return Buffer.from(canvas.grey);
  });
  const raw = join(folder, `${name}.raw`);
  writeFileSync(raw, Buffer.concat(frames));
  const format = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${FILM.width}x${FILM.height}`, '-r', String(FILM.fps)];
  const codec = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '28', '-pix_fmt', 'yuv420p'];
  await ffmpeg(...format, '-i', raw, ...inputs, ...codec, ...more, '-y', join(folder, name));
  rmSync(raw);
  return taken(join(folder, name));
}

export async function ffmpeg(...args: readonly string[]): Promise<void> {
  const program = await findFfmpeg();
  if (!program) throw new Error('These tests need ffmpeg.');
  const { code, stderr } = await runCommand(program, ['-hide_banner', '-nostdin', '-loglevel', 'error', ...args]);
  if (code !== 0) throw new Error(stderr);
}

export function taken(path: string): Promise<MediaPart> {
  return takeMedia({ kind: 'path', path }, { part: 'part-1', signal: new AbortController().signal, note: () => {} });
}
