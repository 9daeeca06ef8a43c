import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { MediaPart } from '#contract/media.ts';
import { temporaryFolder } from '#kit/temporary.ts';

/** Endings by which the workers choose how to read a file. */
const ENDINGS: Readonly<Record<string, string>> = {
  'video/mp4': 'mp4',
  'video/quicktime': 'mov',
  'video/webm': 'webm',
  'video/matroska': 'mkv',
  'video/x-matroska': 'mkv',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
};

/** Media as files that a worker on this machine opens by their paths; gone after `close`. */
export interface MediaFiles {
  write(part: MediaPart): Promise<string>;
  close(): Promise<void>;
}

/** Whether a file of this type can be written for a worker. */
export const hasEnding = (mimeType: string): boolean => Object.hasOwn(ENDINGS, mimeType);

/** Makes a folder for the media of one question, in the system's folder for temporary files (`TMPDIR`). */
export async function mediaFiles(): Promise<MediaFiles> {
  const folder = await temporaryFolder();
  let written = 0;
  return {
    async write(part) {
      written++;
      const path = join(folder.path, `${written}.${ENDINGS[part.media.mimeType] ?? 'bin'}`);
      await pipeline(Readable.from(part.stream()), createWriteStream(path));
      return path;
    },
    close: () => folder.close(),
  };
}
