import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { MediaPart } from '#contract/media.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import type { MediaInput } from '#media/index.ts';
import { syncFolder, writingError } from './documents.ts';

/** The bytes of media, each once, under their SHA-256. */
export interface MediaFiles {
  /** Keeps the bytes of a part; nothing is written where they lie already. */
  keep(part: MediaPart, signal: AbortSignal): Promise<void>;
  has(sha256: string): Promise<boolean>;
  pathOf(sha256: string): string;
  /** The same as something to take in, under the name it came with. */
  inputOf(file: { readonly sha256: string; readonly sizeBytes: number; readonly filename: string }): MediaInput;
  stream(sha256: string): AsyncIterable<Uint8Array>;
  drop(sha256: string): Promise<void>;
}

let arrivals = 0;

/** Opens the folder of media; it is made when something is first kept. Throws `store.disk-full`, `store.unusable`. */
export function mediaFiles(folder: string): MediaFiles {
  const pathOf = (sha256: string) => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error('That is no SHA-256.');
    return join(folder, sha256);
  };
  const has = (sha256: string) =>
    stat(pathOf(sha256)).then(
      (found) => found.isFile(),
      () => false,
    );
  return {
    pathOf,
    has,
    async keep(part, signal) {
      const path = pathOf(part.media.sha256);
      if (await has(part.media.sha256)) return;
      const arriving = `${path}.${process.pid}-${++arrivals}.part`;
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const file = await open(arriving, 'w', 0o600);
        try {
          for await (const bytes of part.stream()) {
            throwIfCancelled(signal);
            await file.writeFile(bytes);
          }
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(arriving, path);
        await syncFolder(folder);
      } catch (error) {
        await rm(arriving, { force: true }).catch(() => {});
        throw writingError(error);
      }
    },
    inputOf({ sha256, sizeBytes, filename }) {
      // Nobody owns it: whoever takes it in leaves it where it is.
      const nothing = async () => {};
      const spool = { path: pathOf(sha256), sizeBytes, sha256, take: () => nothing, close: nothing };
      return { kind: 'spooled', spool, name: filename };
    },
    stream: (sha256) => createReadStream(pathOf(sha256)),
    drop: (sha256) => rm(pathOf(sha256), { force: true }),
  };
}
