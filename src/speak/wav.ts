import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { SensoriumError } from '#contract/error.ts';
import { HEADER_BYTES, pcm16, wavHeader } from '#kit/pcm.ts';

/** Takes mono float32 sound and makes a 16-bit PCM WAV of it while it comes. */
export interface WavSink {
  /** Appends sound; all of it must have the same rate. Settles when the target has taken it. */
  write(pcm: Float32Array, sampleRateHz: number): Promise<void>;
  /** Completes the file and gives its absolute path; `null` when nothing was written or the target is a stream. */
  finish(): Promise<string | null>;
  /** Leaves nothing behind. Does nothing once finished. */
  discard(): Promise<void>;
}

/**
 * Opens a WAV to write into. A file grows under a hidden name beside its target and gets its name when it is whole. A
 * stream (a pipe, a device) gets a header with unknown sizes, 0xFFFFFFFF, as its end cannot be known.
 * Throws `cli.cannot-write`, `kit.disk-full`.
 */
export async function openWav(target: string | Writable): Promise<WavSink> {
  if (typeof target !== 'string') return streamSink(target, async () => {});
  const path = resolve(target);
  const there = await stat(path).catch(() => null);
  if (there?.isDirectory()) throw cannotWrite(path, 'it is a folder', 'Give a file name, such as reply.wav.');
  if (there && !there.isFile()) {
    // A device or a named pipe: replacing it by a file would destroy it.
    const stream = (await opened(path, 'w')).createWriteStream();
    return streamSink(stream, () => new Promise((done) => stream.end(done)));
  }
  const partial = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.part`);
  return fileSink(path, partial, await opened(partial, 'wx', path));
}

function fileSink(path: string, partial: string, file: FileHandle): WavSink {
  let rateHz = 0;
  let dataBytes = 0;
  let settled = false;
  const put = async (bytes: Uint8Array, position: number) => {
    // A disk that is nearly full takes a part first and says so by the count alone.
    for (let done = 0; done < bytes.length; ) {
      done += (await file.write(bytes, done, bytes.length - done, position + done).catch(failed)).bytesWritten;
    }
  };
  const failed = (error: unknown) => {
    throw writeFailed(path, error);
  };
  const sink: WavSink = {
    async write(pcm, sampleRateHz) {
      rateHz = sameRate(rateHz, sampleRateHz);
      const bytes = pcm16(pcm);
      await put(bytes, HEADER_BYTES + dataBytes);
      dataBytes += bytes.length;
    },
    async finish() {
      if (settled || dataBytes === 0) {
        await sink.discard();
        return null;
      }
      try {
        await put(wavHeader(rateHz, dataBytes), 0);
        await file.datasync();
        await file.close();
        await rename(partial, path);
      } catch (error) {
        throw writeFailed(path, error);
      }
      settled = true;
      return path;
    },
    async discard() {
      if (settled) return;
      settled = true;
      await file.close().catch(() => {});
      await rm(partial, { force: true });
    },
  };
  return sink;
}

function streamSink(stream: Writable, close: () => Promise<void>): WavSink {
  let rateHz = 0;
  // Each write reports its own failure; without a listener Node would end the process as well.
  stream.on('error', () => {});
  const put = (bytes: Uint8Array) =>
    new Promise<void>((done, fail) => {
      stream.write(bytes, (error) => (error ? fail(writeFailed('the output', error)) : done()));
    });
  return {
    async write(pcm, sampleRateHz) {
      if (rateHz === 0) await put(wavHeader(sampleRateHz, null));
      rateHz = sameRate(rateHz, sampleRateHz);
      await put(pcm16(pcm));
    },
    async finish() {
      await close();
      return null;
    },
    discard: close,
  };
}

function sameRate(before: number, now: number): number {
  if (before !== 0 && before !== now) throw new Error(`A WAV has one sample rate: ${before} Hz, then ${now} Hz.`);
  return now;
}

async function opened(path: string, flags: string, shown = path): Promise<FileHandle> {
  try {
    return await open(path, flags);
  } catch (error) {
    throw writeFailed(shown, error);
  }
}

function writeFailed(path: string, error: unknown): SensoriumError {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new SensoriumError('kit.disk-full', `The disk is full; ${path} was not written.`, {
      hint: 'Free some space, or write to another disk.',
      cause: error,
    });
  }
  if (code === 'ENOENT') return cannotWrite(path, 'its folder does not exist', 'Create the folder first.', error);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return cannotWrite(path, 'writing is not allowed there', 'Choose another place.', error);
  }
  return cannotWrite(path, code ?? String(error), 'Choose another place.', error);
}

function cannotWrite(path: string, why: string, hint: string, cause?: unknown): SensoriumError {
  return new SensoriumError('cli.cannot-write', `Cannot write ${path}: ${why}.`, { hint, cause });
}
