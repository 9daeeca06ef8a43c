import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { cancelled } from '#kit/abort.ts';
import { SourceFailure } from './source.ts';

/** Writes a stream into `target` from byte `fromByte` on and reports the file's length as it grows. */
export async function receive(
  stream: Readable,
  into: {
    readonly target: string;
    readonly fromByte: number;
    /** The stream fails as soon as the file would grow beyond this. */
    readonly limitBytes: number;
    readonly signal: AbortSignal;
    onBytes(receivedBytes: number): void;
  },
): Promise<number> {
  let length = into.fromByte;
  async function* counted(chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      length += chunk.length;
      if (length > into.limitBytes) throw new SourceFailure(`sent more than the ${into.limitBytes} bytes of this file`);
      yield chunk;
      into.onBytes(length);
    }
  }
  const file = createWriteStream(into.target, { flags: into.fromByte > 0 ? 'r+' : 'w', start: into.fromByte });
  try {
    await pipeline(stream, counted, file, { signal: into.signal });
  } catch (error) {
    throw into.signal.aborted ? cancelled(into.signal) : error;
  }
  return length;
}

/** How many bytes of a file are there; 0 when it does not exist. */
export async function lengthOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}
