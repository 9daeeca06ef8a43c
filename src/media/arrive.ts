import { constants, createReadStream, type Stats } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SensoriumError } from '#contract/error.ts';
import type { Media } from '#contract/media.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { readDataUrl } from './data-url.ts';
import { download } from './download.ts';
import { type MediaInput, plainName } from './input.ts';
import { empty, measure, type Spool, spool, tooManyBytes } from './spool.ts';

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

/** What a medium without a name is called. */
const CALLED = { bytes: 'bytes', 'data-url': 'data URL' } as const;

/** Brings a medium to this machine: a path stays where it is, everything else becomes a temporary file. */
export async function arrive(input: MediaInput, options: ArrivalOptions): Promise<Arrival> {
  switch (input.kind) {
    case 'path':
      return arriveFromPath(input.path, options);
    case 'bytes':
      return store([input.bytes], { name: plainName(input.name ?? '', CALLED.bytes), source: 'bytes' }, options);
    case 'spooled': {
      const { source = 'bytes' } = input;
      if (input.spool.sizeBytes > options.maxBytes) throw tooManyBytes(CALLED[source], options.maxBytes);
      return takenOver(input.spool, { name: plainName(input.name ?? '', CALLED[source]), source });
    }
    case 'url': {
      if (/^data:/i.test(input.url)) {
        return store(
          [readDataUrl(input.url, options.maxBytes)],
          { name: plainName(input.name ?? '', CALLED['data-url']), source: 'data-url' },
          options,
        );
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
    if (found.size > options.maxBytes) throw tooManyBytes(name, options.maxBytes);
    if (found.size === 0) throw empty(name);
    await access(path, constants.R_OK);
    const sha256 = async () => (await measure(createReadStream(path), { ...options, name })).sha256;
    return { path, name, source: 'file', sizeBytes: found.size, sha256, close: async () => {} };
  } catch (error) {
    throw readingError(error, name);
  }
}

async function store(
  bytes: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  about: Pick<Arrival, 'name' | 'source'>,
  { signal, maxBytes }: ArrivalOptions,
): Promise<Arrival> {
  return takenOver(await spool(bytes, { name: about.name, signal, maxBytes }), about);
}

function takenOver(from: Spool, about: Pick<Arrival, 'name' | 'source'>): Arrival {
  const { path, sizeBytes, sha256 } = from;
  return { path, ...about, sizeBytes, sha256: async () => sha256, close: from.take() };
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
