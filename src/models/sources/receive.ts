import { open, stat } from 'node:fs/promises';
import { cancelled, throwIfCancelled } from '#kit/abort.ts';
import { SourceFailure } from './source.ts';

/** Writes a stream into `target` from byte `fromByte` on and reports the file's length as it grows. */
export async function receive(
  stream: AsyncIterable<Uint8Array> & { destroy(): unknown },
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
  const file = await open(into.target, into.fromByte > 0 ? 'r+' : 'w');
  const stop = () => stream.destroy();
  into.signal.addEventListener('abort', stop, { once: true });
  try {
    // Each piece is on its way to the disk before the next is taken: what came before a cut is kept.
    for await (const chunk of stream) {
      if (length + chunk.length > into.limitBytes) {
        throw new SourceFailure(`sent more than the ${into.limitBytes} bytes of this file`);
      }
      length += (await file.write(chunk, 0, chunk.length, length)).bytesWritten;
      throwIfCancelled(into.signal);
      into.onBytes(length);
    }
  } catch (error) {
    throw into.signal.aborted ? cancelled(into.signal) : error;
  } finally {
    into.signal.removeEventListener('abort', stop);
    stream.destroy();
    await file.close();
  }
  throwIfCancelled(into.signal);
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
