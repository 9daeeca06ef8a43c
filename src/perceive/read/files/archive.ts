import type { Readable } from 'node:stream';
import * as yauzl from 'yauzl';
import { isSensoriumError } from '#contract/error.ts';
import { broken, encrypted, tooLarge } from './failure.ts';
import { LIMITS } from './limits.ts';

/** A zip archive in memory, unpacked part by part within limits. Names are compared without case, as OPC does (ECMA-376-2, 9.1). */
export interface Archive {
  readonly name: string;
  has(part: string): boolean;
  /** A part as it is unpacked; one that is not there is empty. */
  stream(part: string): AsyncIterable<Uint8Array>;
  /** A part as a whole; `null` where it is not there. Throws `read.too-large` above `maxBytes`. */
  bytes(part: string, maxBytes?: number): Promise<Uint8Array | null>;
}

const ENCRYPTED_FLAG = 1;

/** Opens an archive and reads its directory. Nothing is unpacked and no name in it ever becomes a path. Throws `read.*`. */
export async function openArchive(bytes: Uint8Array, name: string): Promise<Archive> {
  const entries = new Map<string, yauzl.Entry>();
  let zip: yauzl.ZipFile;
  try {
    zip = await yauzl.fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    if (zip.entryCount > LIMITS.entries) throw tooLarge(name, `holds ${zip.entryCount} files`);
    for await (const entry of zip.eachEntry()) {
      const key = keyOf(entry.fileName);
      if (!entries.has(key)) entries.set(key, entry);
      if (entries.size > LIMITS.entries) throw tooLarge(name, `holds more than ${LIMITS.entries} files`);
    }
  } catch (error) {
    throw isSensoriumError(error) ? error : broken(name, 'its archive is damaged or cut off', error);
  }

  let inflatedBytes = 0;
  async function* stream(part: string): AsyncGenerator<Uint8Array> {
    const entry = entries.get(keyOf(part));
    if (!entry) return;
    if ((entry.generalPurposeBitFlag & ENCRYPTED_FLAG) !== 0) throw encrypted(name);
    let unpacked: Readable | undefined;
    try {
      unpacked = await zip.openReadStreamPromise(entry);
      for await (const chunk of unpacked) {
        inflatedBytes += chunk.length;
        if (inflatedBytes > LIMITS.inflatedBytes) {
          throw tooLarge(name, `unpacks to more than ${LIMITS.inflatedBytes / 2 ** 20} MB`);
        }
        yield chunk;
      }
    } catch (error) {
      throw isSensoriumError(error) ? error : broken(name, `its part ${part} is damaged or cut off`, error);
    } finally {
      unpacked?.destroy();
    }
  }

  return {
    name,
    has: (part) => entries.has(keyOf(part)),
    stream,
    async bytes(part, maxBytes = LIMITS.partBytes) {
      if (!entries.has(keyOf(part))) return null;
      const chunks: Uint8Array[] = [];
      let size = 0;
      for await (const chunk of stream(part)) {
        size += chunk.length;
        if (size > maxBytes) throw tooLarge(name, `has a part (${part}) of more than ${maxBytes / 2 ** 20} MB`);
        chunks.push(chunk);
      }
      return Buffer.concat(chunks);
    },
  };
}

function keyOf(part: string): string {
  return part.replace(/^\/+/, '').toLowerCase();
}

/** Where a reference leads that stands in the part `from`: `../media/a.png` in `ppt/slides/s.xml` is `ppt/media/a.png`. */
export function partAt(from: string, reference: string): string {
  const steps = reference.startsWith('/') ? [] : from.split('/').slice(0, -1);
  for (const step of reference.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '.' && step !== '') steps.push(step);
  }
  return steps.join('/');
}
