import { crc32, deflateSync } from 'node:zlib';

const SIDE_PX = 56;
const HEAD_BYTES = 54;

/** A picture as BMP, 56 × 56, by the colour of each point (red, green, blue). */
export function picture(colour: (x: number, y: number) => readonly [number, number, number]): Uint8Array {
  const bytes = Buffer.alloc(HEAD_BYTES + SIDE_PX * SIDE_PX * 3);
  bytes.write('BM');
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(HEAD_BYTES, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(SIDE_PX, 18);
  bytes.writeInt32LE(SIDE_PX, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  for (let point = 0; point < SIDE_PX * SIDE_PX; point++) {
    const [red, green, blue] = colour(point % SIDE_PX, Math.floor(point / SIDE_PX));
    bytes.set([blue, green, red], HEAD_BYTES + point * 3);
  }
  return bytes;
}

/** One second of a tone as WAV, 16 kHz, 16 bit. */
export function tone(hertz: number): Uint8Array {
  const rateHz = 16_000;
  const bytes = Buffer.alloc(44 + rateHz * 2);
  bytes.write('RIFF');
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rateHz, 24);
  bytes.writeUInt32LE(rateHz * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(rateHz * 2, 40);
  for (let at = 0; at < rateHz; at++) {
    bytes.writeInt16LE(Math.round(12_000 * Math.sin((2 * Math.PI * hertz * at) / rateHz)), 44 + at * 2);
  }
  return bytes;
}

/** A picture of one colour as PNG, 56 × 56. */
export function colourPng(colour: readonly [number, number, number]): Uint8Array {
  const row = Buffer.concat([Buffer.of(0), ...Array.from({ length: SIDE_PX }, () => Buffer.from(colour))]);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(SIDE_PX, 0);
  head.writeUInt32BE(SIDE_PX, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.concat(Array.from({ length: SIDE_PX }, () => row));
  const mark = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([mark, chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
