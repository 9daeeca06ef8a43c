import type { Extent, Window } from './window.ts';

const [WIDTH, HEIGHT] = [256, 257];
const MAX_ENTRIES = 4_096;
/** Bytes of a SHORT, a LONG and BigTIFF's LONG8 by their type numbers. */
const INTEGER_BYTES: ReadonlyMap<number, number> = new Map([
  [3, 2],
  [4, 4],
  [16, 8],
]);

/**
 * Follows the directories of a TIFF (revision 6.0) or BigTIFF, one for each page, wherever in the file they lie. Stops
 * behind `maxFrames`. The width and height are the largest of any page.
 */
export async function tiffExtent(file: Window, maxFrames: number): Promise<Extent | null> {
  const head = await file.read(0, 16);
  if (head.length < 8) return null;
  const littleEndian = head.toString('latin1', 0, 2) === 'II';
  const integer = (bytes: Buffer, at: number, width: number): number => {
    if (width === 8) return Number(littleEndian ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
    return littleEndian ? bytes.readUIntLE(at, width) : bytes.readUIntBE(at, width);
  };
  const big = integer(head, 2, 2) === 43;
  if (big && head.length < 16) return null;
  const [offsetBytes, countBytes, entryBytes] = big ? [8, 8, 20] : [4, 2, 12];

  let [width, height, frames] = [0, 0, 0];
  const seen = new Set<number>();
  let at = integer(head, big ? 8 : 4, offsetBytes);
  while (at > 0 && at < file.sizeBytes && !seen.has(at) && frames <= maxFrames) {
    seen.add(at);
    const countField = await file.read(at, countBytes);
    if (countField.length < countBytes) break;
    const count = integer(countField, 0, countBytes);
    if (count > MAX_ENTRIES) break;
    const bytes = await file.read(at + countBytes, count * entryBytes + offsetBytes);
    if (bytes.length < count * entryBytes) break;
    for (let entry = 0; entry < count * entryBytes; entry += entryBytes) {
      const tag = integer(bytes, entry, 2);
      const valueBytes = INTEGER_BYTES.get(integer(bytes, entry + 2, 2));
      if ((tag !== WIDTH && tag !== HEIGHT) || !valueBytes) continue;
      const value = integer(bytes, entry + entryBytes - offsetBytes, valueBytes);
      if (tag === WIDTH) width = Math.max(width, value);
      else height = Math.max(height, value);
    }
    frames++;
    at = bytes.length < count * entryBytes + offsetBytes ? 0 : integer(bytes, count * entryBytes, offsetBytes);
  }
  return width > 0 && height > 0 ? { width, height, frames } : null;
}
