const HEADER_BYTES = 12;

/** How the samples of a sound lie in its bytes. */
export interface WavFormat {
  readonly rateHz: number;
  readonly channels: number;
  /** WAVE_FORMAT_PCM is 1; a float one is 3. */
  readonly tag: number;
  readonly bitsPerSample: number;
  /** Bytes before the first sample. */
  readonly skipBytes: number;
  /** How many bytes of samples there are, as the header says; whoever streams does not know it, and then it says anything. */
  readonly dataBytes: number;
}

/** Reads a WAV's header (RIFF chunks, little endian): `null` while more bytes are needed, `'none'` where there is none. */
export function wavFormatOf(bytes: Buffer, isLast: boolean): WavFormat | 'none' | null {
  const begins = bytes.toString('latin1', 0, 4);
  if (bytes.length < HEADER_BYTES) return isLast || !'RIFF'.startsWith(begins) ? 'none' : null;
  if (begins !== 'RIFF') return 'none';
  let found: Omit<WavFormat, 'skipBytes' | 'dataBytes'> | null = null;
  for (let at = HEADER_BYTES; at + 8 <= bytes.length; ) {
    const name = bytes.toString('latin1', at, at + 4);
    const sizeBytes = bytes.readUInt32LE(at + 4);
    if (name === 'data') return found ? { ...found, skipBytes: at + 8, dataBytes: sizeBytes } : 'none';
    if (name === 'fmt ' && at + 24 <= bytes.length) {
      found = {
        tag: bytes.readUInt16LE(at + 8),
        channels: Math.max(1, bytes.readUInt16LE(at + 10)),
        rateHz: bytes.readUInt32LE(at + 12),
        bitsPerSample: bytes.readUInt16LE(at + 22),
      };
    }
    at += 8 + sizeBytes + (sizeBytes % 2);
  }
  return isLast ? 'none' : null;
}
