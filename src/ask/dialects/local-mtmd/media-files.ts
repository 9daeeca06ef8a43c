import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { MediaPart } from '#contract/media.ts';

/** Media as files of their own, for a process that reads only files. */
export interface MediaFiles {
  readonly paths: readonly string[];
  remove(): Promise<void>;
}

/** Writes media to a folder that only this user can read. Leaves nothing behind when that fails. */
export async function writeMedia(media: readonly MediaPart[], signal: AbortSignal): Promise<MediaFiles> {
  if (media.length === 0) return { paths: [], remove: async () => {} };
  const folder = await mkdtemp(join(tmpdir(), 'sensorium-mtmd-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const paths = media.map((_, index) => join(folder, String(index)));
    for (const [index, path] of paths.entries()) {
      const part = media[index];
      if (part) await pipeline(part.stream(), createWriteStream(path, { mode: 0o600 }), { signal });
    }
    return { paths, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
