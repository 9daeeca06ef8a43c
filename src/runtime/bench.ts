import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { MediaPart } from '#contract/media.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { orDiskFull, temporaryFolder } from '#kit/temporary.ts';

/** A folder for the time of one change, with the medium in it as a file. */
export interface Bench {
  readonly folder: string;
  readonly source: string;
}

/** Lays a medium down as a file, for as long as `use` runs. Throws `kit.disk-full`. */
export async function onBench<T>(part: MediaPart, signal: AbortSignal, use: (bench: Bench) => Promise<T>): Promise<T> {
  return inFolder(signal, async (folder) => {
    const source = join(folder, 'source');
    await pipeline(Readable.from(part.stream()), createWriteStream(source, { flags: 'wx', mode: 0o600 }), { signal });
    return use({ folder, source });
  });
}

/** Gives `use` an empty folder of our own, which is gone afterwards. Throws `kit.disk-full`. */
export async function inFolder<T>(signal: AbortSignal, use: (folder: string) => Promise<T>): Promise<T> {
  throwIfCancelled(signal);
  const { path, close } = await temporaryFolder();
  try {
    return await use(path);
  } catch (error) {
    throwIfCancelled(signal);
    throw orDiskFull(error);
  } finally {
    await close();
  }
}
