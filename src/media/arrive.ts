import { createHash } from 'node:crypto';
import { constants, createReadStream, type Stats } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SensoriumError } from '#contract/error.ts';
import type { Media } from '#contract/media.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { readDataUrl } from './data-url.ts';
import { download } from './download.ts';
import { type MediaInput, plainName } from './input.ts';
import { temporaryFolder } from './temporary.ts';

/** A medium as a file on this machine. */
export interface Arrival {
  readonly path: string;
  readonly name: string;
  readonly source: Media['source'];
  readonly sizeBytes: number;
  /** SHA-256 of its bytes in hex. Reads a file that was here already: ask once it is known to be wanted. */
  sha256(): Promise<string>;
  close(): Promise<void>;
}

export interface ArrivalOptions {
  readonly signal: AbortSignal;
  readonly maxBytes: number;
  readonly allowPrivateHosts: boolean;
  readonly offline: boolean;
}

/** Brings a medium to this machine: a path stays where it is, everything else becomes a temporary file. */
export async function arrive(input: MediaInput, options: ArrivalOptions): Promise<Arrival> {
  switch (input.kind) {
    case 'path':
      return arriveFromPath(input.path, options);
    case 'bytes':
      return store([input.bytes], { name: plainName(input.name ?? '', 'bytes'), source: 'bytes' }, options);
    case 'url': {
      if (/^data:/i.test(input.url)) {
        return store([readDataUrl(input.url, options.maxBytes)], { name: 'data URL', source: 'data-url' }, options);
      }
      if (options.offline) {
        throw new SensoriumError(
          'media.url-refused',
          `${urlName(input.url)} is not fetched: the network is forbidden.`,
          {
            hint: 'Give a file, or allow the network (offline is set).',
          },
        );
      }
      return store(download(input.url, options), { name: urlName(input.url), source: 'url' }, options);
    }
  }
}

async function arriveFromPath(given: string, options: ArrivalOptions): Promise<Arrival> {
  throwIfCancelled(options.signal);
  const path = resolve(given);
  const name = plainName(path, 'file');
  try {
    const found: Stats = await stat(path);
    if (!found.isFile()) {
      throw new SensoriumError('media.not-a-file', `${name} is ${found.isDirectory() ? 'a folder' : 'not a file'}.`, {
        hint: 'Give the path of one file.',
      });
    }
    if (found.size > options.maxBytes) throw tooLarge(name, options.maxBytes);
    if (found.size === 0) throw empty(name);
    await access(path, constants.R_OK);
    const sha256 = async () => (await measure(createReadStream(path), name, options)).sha256;
    return { path, name, source: 'file', sizeBytes: found.size, sha256, close: async () => {} };
  } catch (error) {
    throw readingError(error, name);
  }
}

async function store(
  bytes: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  about: Pick<Arrival, 'name' | 'source'>,
  options: ArrivalOptions,
): Promise<Arrival> {
  const folder = await temporaryFolder();
  try {
    const path = join(folder.path, 'media');
    const file = await open(path, 'wx', 0o600);
    try {
      const { sizeBytes, sha256 } = await measure(bytes, about.name, options, async (piece) => {
        await file.write(piece);
      });
      return { path, ...about, sizeBytes, sha256: async () => sha256, close: folder.close };
    } finally {
      await file.close();
    }
  } catch (error) {
    await folder.close();
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    throw new SensoriumError('kit.disk-full', 'The disk is full.', {
      hint: 'Free some space in the folder for temporary files.',
      cause: error,
    });
  }
}

async function measure(
  bytes: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  name: string,
  options: ArrivalOptions,
  keep?: (piece: Uint8Array) => Promise<void>,
): Promise<{ sizeBytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const piece of bytes) {
    throwIfCancelled(options.signal);
    sizeBytes += piece.length;
    if (sizeBytes > options.maxBytes) throw tooLarge(name, options.maxBytes);
    hash.update(piece);
    await keep?.(piece);
  }
  if (sizeBytes === 0) throw empty(name);
  return { sizeBytes, sha256: hash.digest('hex') };
}

function empty(name: string): SensoriumError {
  return new SensoriumError('media.empty', `${name} is empty.`, { hint: 'Give a file with something in it.' });
}

function tooLarge(name: string, maxBytes: number): SensoriumError {
  return new SensoriumError('media.too-large', `${name} is larger than ${Math.round(maxBytes / 2 ** 20)} MB.`, {
    hint: 'Cut it into parts, or raise the size limit.',
    details: { maxBytes },
  });
}

function readingError(error: unknown, name: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG' || code === 'ERR_INVALID_ARG_VALUE') {
    return new SensoriumError('media.not-found', `There is no file ${name}.`, {
      hint: 'Check the path.',
      cause: error,
    });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new SensoriumError('media.cannot-read', `${name} may not be read.`, {
      hint: 'Give yourself permission to read it.',
      cause: error,
    });
  }
  return error;
}

function urlName(url: string): string {
  if (!URL.canParse(url)) return 'URL';
  const { pathname, host } = new URL(url);
  return plainName(pathname, host);
}
