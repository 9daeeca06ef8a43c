import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { SensoriumError } from '#contract/error.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { orDiskFull, temporaryFolder } from '#kit/temporary.ts';

/** Bytes in a temporary file of ours that only this user can read, measured and hashed as they came. */
export interface Spool {
  readonly path: string;
  readonly sizeBytes: number;
  /** SHA-256 in hex. */
  readonly sha256: string;
  /** Makes the caller the owner, who frees it with the function this returns. Only once. */
  take(): () => Promise<void>;
  /** Frees it if nobody took it; may be called again. */
  close(): Promise<void>;
}

export interface SpoolOptions {
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  /** What messages call it. */
  readonly name: string;
}

/** Small pieces wait until they are this many bytes: a network may bring them one by one. */
const BLOCK_BYTES = 256 * 1024;

/**
 * Writes bytes to a temporary file while they arrive, so that no more of them than one piece is ever in memory. Throws
 * `media.empty`, `media.too-large`, `kit.disk-full` or `kit.cancelled`, and then leaves nothing behind.
 */
export async function spool(
  bytes: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  options: SpoolOptions,
): Promise<Spool> {
  const folder = await temporaryFolder();
  try {
    const path = join(folder.path, 'media');
    const file = await open(path, 'wx', 0o600);
    try {
      return { path, ...(await measure(bytes, options, (piece) => writeAll(file, piece))), ...owned(folder.close) };
    } finally {
      await file.close();
    }
  } catch (error) {
    await folder.close();
    throw orDiskFull(error);
  }
}

/** Counts and hashes bytes as they pass, and hands them to `keep` in blocks. */
export async function measure(
  bytes: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  { maxBytes, signal, name }: SpoolOptions,
  keep: (piece: Uint8Array) => Promise<void> = async () => {},
): Promise<{ sizeBytes: number; sha256: string }> {
  const hash = createHash('sha256');
  const block = Buffer.allocUnsafe(BLOCK_BYTES);
  let used = 0;
  let sizeBytes = 0;
  const pass = async (piece: Uint8Array) => {
    hash.update(piece);
    await keep(piece);
  };
  for await (const piece of bytes) {
    throwIfCancelled(signal);
    sizeBytes += piece.length;
    if (sizeBytes > maxBytes) throw tooManyBytes(name, maxBytes);
    if (used + piece.length > block.length) {
      await pass(block.subarray(0, used));
      used = 0;
    }
    if (piece.length > block.length) await pass(piece);
    else {
      block.set(piece, used);
      used += piece.length;
    }
  }
  await pass(block.subarray(0, used));
  if (sizeBytes === 0) throw empty(name);
  return { sizeBytes, sha256: hash.digest('hex') };
}

/** The refusal of a medium with more bytes than allowed. */
export function tooManyBytes(name: string, maxBytes: number): SensoriumError {
  const most = maxBytes < 2 ** 20 ? `${maxBytes} bytes` : `${Math.round(maxBytes / 2 ** 20)} MB`;
  return new SensoriumError('media.too-large', `${name} is larger than ${most}.`, {
    hint: 'Cut it into parts, or raise the size limit.',
    details: { maxBytes },
  });
}

/** The refusal of a medium without a byte. */
export function empty(name: string): SensoriumError {
  return new SensoriumError('media.empty', `${name} is empty.`, { hint: 'Give a file with something in it.' });
}

// A write may take only the first bytes of a piece, as it does when the disk is nearly full.
async function writeAll(file: FileHandle, piece: Uint8Array): Promise<void> {
  for (let at = 0; at < piece.length; ) at += (await file.write(piece, at)).bytesWritten;
}

function owned(free: () => Promise<void>): Pick<Spool, 'take' | 'close'> {
  let taken = false;
  return {
    take() {
      if (taken) throw new Error('This spool was taken before.');
      taken = true;
      return free;
    },
    close: async () => {
      if (!taken) await free();
    },
  };
}
