import type { Window } from '#kit/picture/window.ts';

/** How a stored picture is to be turned to be upright: 1 (as it is) to 8, as Exif 2.3 numbers them (tag 0x0112). */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const TAG = 0x0112;
const MAX_STEPS = 1_000;
const EXIF_BYTES = 64 * 1024;

/** Reads a picture's orientation from its Exif data (JPEG, PNG, WebP) or its first directory (TIFF); 1 where none is told. */
export async function orientationOf(file: Window, mimeType: string): Promise<Orientation> {
  switch (mimeType) {
    case 'image/tiff':
      return inDirectory(file, 0);
    case 'image/jpeg':
      return inDirectory(file, await exifInJpeg(file));
    case 'image/png':
    case 'image/apng':
      return inDirectory(
        file,
        await chunkAt(file, 8, 'eXIf', (head) => [head.readUInt32BE(0), head.toString('latin1', 4, 8), 12]),
      );
    case 'image/webp': {
      const even = (length: number) => length + (length % 2);
      return inDirectory(
        file,
        await chunkAt(file, 12, 'EXIF', (head) => [even(head.readUInt32LE(4)), head.toString('latin1', 0, 4), 8]),
      );
    }
    default:
      return 1;
  }
}

/** Which filters of ffmpeg turn it upright. */
export const UPRIGHT: Readonly<Record<Orientation, readonly string[]>> = {
  1: [],
  2: ['hflip'],
  3: ['hflip', 'vflip'],
  4: ['vflip'],
  5: ['transpose=0'],
  6: ['transpose=1'],
  7: ['transpose=3'],
  8: ['transpose=2'],
};

/** The APP1 segment with `Exif` in it (Exif 2.3, 4.7.2), past its mark: segments up to the image data. */
async function exifInJpeg(file: Window): Promise<number | null> {
  let at = 2;
  for (let step = 0; step < MAX_STEPS; step++) {
    const head = await file.read(at, 10);
    const marker = head[1] ?? 0;
    if (head.length < 10 || head[0] !== 0xff || marker === 0xda || marker === 0xd9) return null;
    if (marker === 0xff) at += 1;
    else if (marker === 0xe1 && head.toString('latin1', 4, 10) === 'Exif\0\0') return at + 10;
    else at += 2 + head.readUInt16BE(2);
  }
  return null;
}

/** Where the body of a chunk begins; `read` gives a chunk's length, its name, and the bytes around its body. */
async function chunkAt(
  file: Window,
  from: number,
  wanted: string,
  read: (head: Buffer) => readonly [number, string, number],
): Promise<number | null> {
  let at = from;
  for (let step = 0; step < MAX_STEPS; step++) {
    const head = await file.read(at, 8);
    if (head.length < 8) return null;
    const [length, name, around] = read(head);
    if (name === wanted) return exifStart(file, at + 8);
    at += around + length;
  }
  return null;
}

// Some writers put the mark of a JPEG segment here too.
async function exifStart(file: Window, at: number): Promise<number> {
  return (await file.read(at, 6)).toString('latin1') === 'Exif\0\0' ? at + 6 : at;
}

/** The orientation in the first directory of TIFF-shaped data (TIFF 6.0, section 2) that begins at `start`. */
async function inDirectory(file: Window, start: number | null): Promise<Orientation> {
  if (start === null) return 1;
  const head = await file.read(start, 8);
  const order = head.toString('latin1', 0, 2);
  if (head.length < 8 || (order !== 'II' && order !== 'MM')) return 1;
  const short = (bytes: Buffer, at: number) => (order === 'II' ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  if (short(head, 2) !== 42) return 1;
  const offset = order === 'II' ? head.readUInt32LE(4) : head.readUInt32BE(4);
  const directory = await file.read(start + offset, EXIF_BYTES);
  if (directory.length < 2) return 1;
  for (let entry = 0; entry < short(directory, 0); entry++) {
    const at = 2 + entry * 12;
    if (at + 12 > directory.length) return 1;
    if (short(directory, at) !== TAG) continue;
    const value = short(directory, at + 8);
    return value >= 1 && value <= 8 ? (value as Orientation) : 1;
  }
  return 1;
}
