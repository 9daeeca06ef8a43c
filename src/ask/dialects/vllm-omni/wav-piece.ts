const RIFF_IN_BASE64 = 'UklGR';
const HEADERLESS = { rateHz: 24_000, channels: 1, bits: 16 };

/**
 * A piece of a stream's sound as what comes before and after it can be joined to: each is a WAV of its own, whose header
 * would be heard as a click. Base64 in and out; a piece that is not 16-bit mono at 24 kHz stays as it is.
 */
export function withoutHeader(base64: string): string {
  if (!base64.startsWith(RIFF_IN_BASE64)) return base64;
  const bytes = Buffer.from(base64, 'base64');
  let isPlain = false;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = bytes.toString('latin1', at, at + 4);
    const sizeBytes = bytes.readUInt32LE(at + 4);
    if (name === 'data') return isPlain ? bytes.subarray(at + 8).toString('base64') : base64;
    if (name === 'fmt ' && at + 24 <= bytes.length) {
      isPlain =
        bytes.readUInt16LE(at + 10) === HEADERLESS.channels &&
        bytes.readUInt32LE(at + 12) === HEADERLESS.rateHz &&
        bytes.readUInt16LE(at + 22) === HEADERLESS.bits;
    }
    at += 8 + sizeBytes + (sizeBytes % 2);
  }
  return base64;
}
