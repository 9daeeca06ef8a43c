import type { Extent, Window } from './window.ts';

const MAX_SEGMENTS = 10_000;
/** Start-of-frame markers (ITU-T T.81, table B.1): C0 to CF without DHT, JPG and DAC. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** Follows a JPEG's segments to its frame header, the way decoders do: fill bytes skipped, lengths believed. */
export async function jpegExtent(file: Window): Promise<Extent | null> {
  let at = 2;
  for (let count = 0; count < MAX_SEGMENTS; count++) {
    const head = await file.read(at, 9);
    if (head.length < 4 || head[0] !== 0xff) return null;
    const marker = head[1] as number;
    if (marker === 0xff) {
      at += 1;
    } else if (isFrame(marker)) {
      return head.length < 9 ? null : { width: head.readUInt16BE(7), height: head.readUInt16BE(5), frames: 1 };
    } else {
      const bare = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
      at += bare ? 2 : 2 + head.readUInt16BE(2);
    }
  }
  return null;
}
