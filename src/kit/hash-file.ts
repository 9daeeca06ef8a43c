import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { cancelled } from './abort.ts';

/** SHA-256 of a file as 64 hex digits, read in pieces of one MiB. */
export async function hashFile(path: string, signal: AbortSignal, onBytes?: (bytes: number) => void): Promise<string> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    await pipeline(
      createReadStream(path, { highWaterMark: 2 ** 20 }),
      async (chunks: AsyncIterable<Buffer>) => {
        for await (const chunk of chunks) {
          hash.update(chunk);
          bytes += chunk.length;
          onBytes?.(bytes);
        }
      },
      { signal },
    );
  } catch (error) {
    throw signal.aborted ? cancelled(signal) : error;
  }
  return hash.digest('hex');
}
