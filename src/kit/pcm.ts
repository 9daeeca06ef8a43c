/** Bytes before the samples of a WAV as it is written here. */
export const HEADER_BYTES = 44;
const UNKNOWN_SIZE = 0xffffffff;

/** The 44 bytes before the samples of a mono 16-bit WAV. `dataBytes` is `null` where the end is not known. */
export function wavHeader(sampleRateHz: number, dataBytes: number | null): Uint8Array {
  const header = Buffer.alloc(HEADER_BYTES);
  const size = (bytes: number) => (dataBytes === null ? UNKNOWN_SIZE : Math.min(bytes, UNKNOWN_SIZE));
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(size((dataBytes ?? 0) + HEADER_BYTES - 8), 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20); // PCM
  header.writeUInt16LE(1, 22); // mono
  header.writeUInt32LE(sampleRateHz, 24);
  header.writeUInt32LE(sampleRateHz * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(size(dataBytes ?? 0), 40);
  return header;
}

/** Mono float32 in [-1, 1] as 16-bit little-endian PCM; what lies outside is held at full scale. */
export function pcm16(pcm: Float32Array): Buffer {
  const bytes = Buffer.alloc(pcm.length * 2);
  for (let i = 0; i < pcm.length; i += 1) {
    bytes.writeInt16LE(Math.round(Math.max(-1, Math.min(1, pcm[i] || 0)) * 32_767), i * 2);
  }
  return bytes;
}

/** A whole mono 16-bit WAV. */
export function wavFile(pcm: Float32Array, sampleRateHz: number): Buffer {
  const bytes = pcm16(pcm);
  return Buffer.concat([wavHeader(sampleRateHz, bytes.length), bytes]);
}

/** Sound as it arrives in bytes: mono 16-bit little-endian PCM, cut anywhere. */
export interface PcmReader {
  /** The samples that are whole with these bytes, in [-1, 1). */
  push(bytes: Uint8Array): Float32Array;
  /** Bytes of a sample that never became whole. */
  readonly leftBytes: number;
}

/** Reads PCM16 that may be cut within a sample. */
export function pcmReader(): PcmReader {
  let rest = Buffer.alloc(0);
  return {
    push(bytes) {
      const all = rest.length === 0 ? Buffer.from(bytes) : Buffer.concat([rest, bytes]);
      const pcm = new Float32Array(all.length >> 1);
      for (let at = 0; at < pcm.length; at++) pcm[at] = all.readInt16LE(2 * at) / 32_768;
      rest = all.subarray(2 * pcm.length) as Buffer<ArrayBuffer>;
      return pcm;
    },
    get leftBytes() {
      return rest.length;
    },
  };
}
