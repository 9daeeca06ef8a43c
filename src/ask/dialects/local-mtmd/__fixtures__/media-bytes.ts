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
