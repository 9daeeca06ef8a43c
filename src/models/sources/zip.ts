import type { Readable } from 'node:stream';
import * as yauzl from 'yauzl';
import { SourceFailure } from './source.ts';

/** Opens one member of a zip archive for reading. The stream closes the archive when it ends or is destroyed. */
export async function openMember(archive: string, path: string): Promise<Readable> {
  const zip = await yauzl.openPromise(archive, { autoClose: false });
  try {
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName !== path) continue;
      const stream = await zip.openReadStreamPromise(entry);
      stream.once('close', () => zip.close());
      return stream;
    }
  } catch (error) {
    zip.close();
    throw error;
  }
  zip.close();
  throw new SourceFailure(`the package has no ${path}`);
}
