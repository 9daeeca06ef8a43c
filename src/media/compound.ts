import type { FileHandle } from 'node:fs/promises';

/** The streams that tell what a compound file (MS-CFB) is, as its directory names them. */
const STREAMS: readonly (readonly [string, string])[] = [
  ['EncryptedPackage', 'application/vnd.ms-office.encrypted'],
  ['WordDocument', 'application/msword'],
  ['Workbook', 'application/vnd.ms-excel'],
  ['Book', 'application/vnd.ms-excel'],
  ['PowerPoint Document', 'application/vnd.ms-powerpoint'],
];

const ENTRY_BYTES = 128;
const LOOKED_AT_BYTES = 4_096;

/**
 * What a compound file holds, by the beginning of its directory: a document of Office before 2007, or a newer one with a password;
 * `null` for anything else.
 */
export async function compoundType(handle: FileHandle, head: Buffer): Promise<string | null> {
  if (head.length < 512) return null;
  const sectorBytes = 2 ** head.readUInt16LE(30);
  if (sectorBytes !== 512 && sectorBytes !== 4_096) return null;
  const at = (head.readUInt32LE(48) + 1) * sectorBytes;
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(LOOKED_AT_BYTES), 0, LOOKED_AT_BYTES, at);
  const names = new Set<string>();
  for (let entry = 0; entry + ENTRY_BYTES <= bytesRead; entry += ENTRY_BYTES) {
    const length = buffer.readUInt16LE(entry + 64);
    if (length >= 2 && length <= 64) names.add(buffer.toString('utf16le', entry, entry + length - 2));
  }
  return STREAMS.find(([stream]) => names.has(stream))?.[1] ?? null;
}
