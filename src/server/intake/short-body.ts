import type { Readable } from 'node:stream';
import { cancelled } from '#kit/abort.ts';
import { type BodyLimits, badRequest } from './body-source.ts';

/**
 * Reads a short body of announced length as a whole, which costs much less than going from piece to piece. Like
 * `bodySource`, it never closes the stream. Throws `server.bad-request` (the length is not what was promised) or
 * `kit.cancelled` (the client went away).
 */
export function shortBody(stream: Readable, { signal, contentLength = 0 }: BodyLimits): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (signal.aborted || stream.destroyed) {
      reject(cancelled(signal));
      return;
    }
    const pieces: Buffer[] = [];
    const onData = (piece: Buffer) => void pieces.push(piece);
    const onEnd = () => {
      leave();
      const bytes = pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
      if (bytes.length === contentLength) resolve(bytes);
      else reject(badRequest(`The body has ${bytes.length} bytes where ${contentLength} were promised.`));
    };
    const stop = () => {
      leave();
      stream.pause();
      reject(cancelled(signal));
    };
    const leave = () => {
      stream.off('data', onData).off('end', onEnd).off('error', stop).off('close', stop);
      signal.removeEventListener('abort', stop);
    };
    signal.addEventListener('abort', stop);
    stream.on('data', onData).on('end', onEnd).on('error', stop).on('close', stop);
  });
}
