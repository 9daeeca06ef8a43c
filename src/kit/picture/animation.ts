import type { Extent, Window } from './window.ts';

const MAX_STEPS = 10_000;
const BLOCK_BYTES = 256 * 1024;
/** An image descriptor: the longest piece that is looked at as a whole. */
const PIECE_BYTES = 10;
/** A GIF keeps no count: it has to be walked through, and only so far. */
const MAX_WALKED_BYTES = 64 * 2 ** 20;

/** The frames of an APNG, as its `acTL` chunk before the first image data says; 1 for any other PNG. */
export async function pngFrames(file: Window): Promise<number> {
  let at = 8;
  for (let step = 0; step < MAX_STEPS; step++) {
    const head = await file.read(at, 12);
    const type = head.toString('latin1', 4, 8);
    if (head.length < 12 || type === 'IDAT') return 1;
    if (type === 'acTL') return Math.max(1, head.readUInt32BE(8));
    at += 12 + head.readUInt32BE(0);
  }
  return 1;
}

/** The frames of a WebP: its `ANMF` chunks, counted up to `maxFrames` and one; 1 if it is not animated. */
export async function webpFrames(file: Window, maxFrames: number): Promise<number> {
  let at = 12;
  let frames = 0;
  for (let step = 0; step < MAX_STEPS && frames <= maxFrames; step++) {
    const head = await file.read(at, 8);
    if (head.length < 8) break;
    if (head.toString('latin1', 0, 4) === 'ANMF') frames++;
    const length = head.readUInt32LE(4);
    at += 8 + length + (length % 2);
  }
  return Math.max(1, frames);
}

/**
 * The frames of a GIF (89a) and the room they take: frames may reach beyond the screen that its head declares. Looks at the
 * first 64 MB, and no further than `maxFrames` and one.
 */
export async function gifExtent(file: Window, maxFrames: number): Promise<Extent | null> {
  const head = await file.read(0, 13);
  if (head.length < 13) return null;
  let [width, height, frames] = [head.readUInt16LE(6), head.readUInt16LE(8), 0];
  let at = 13 + tableBytes(head[10] as number);
  let block: Buffer = Buffer.alloc(0);
  let blockAt = at;
  // Waits only where a new block is due: a file may consist of millions of tiny pieces.
  const isHere = () => at >= blockAt && at + PIECE_BYTES <= blockAt + block.length;
  const load = async () => {
    block = await file.read(at, BLOCK_BYTES);
    blockAt = at;
  };

  while (at < MAX_WALKED_BYTES && frames <= maxFrames) {
    if (!isHere()) await load();
    const piece = block.subarray(at - blockAt, at - blockAt + PIECE_BYTES);
    if (piece[0] === 0x2c && piece.length === PIECE_BYTES) {
      frames++;
      width = Math.max(width, piece.readUInt16LE(1) + piece.readUInt16LE(5));
      height = Math.max(height, piece.readUInt16LE(3) + piece.readUInt16LE(7));
      at += PIECE_BYTES + tableBytes(piece[9] as number) + 1;
    } else if (piece[0] === 0x21) at += 2;
    else break;
    for (let length = -1; length !== 0 && at < MAX_WALKED_BYTES; at += 1 + length) {
      if (!isHere()) await load();
      length = block[at - blockAt] ?? 0;
    }
  }
  return { width, height, frames: Math.max(1, frames) };
}

function tableBytes(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}
