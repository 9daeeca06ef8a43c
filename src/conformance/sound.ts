import { wavHeader } from '#kit/pcm.ts';

/** What a sound file is and how long it lasts, by its own bytes. `rateHz` is of its samples. */
export interface MeasuredSound {
  readonly format: 'wav' | 'mp3';
  readonly durationMs: number;
  readonly rateHz: number;
}

/** Measures a whole WAV (16-bit PCM) or MP3; `null` for anything else, and for one whose header and length disagree. */
export function measureSound(bytes: Uint8Array): MeasuredSound | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString('latin1', 0, 4) === 'RIFF' ? measureWav(buffer) : measureMp3(buffer);
}

function measureWav(bytes: Buffer): MeasuredSound | null {
  if (bytes.toString('latin1', 8, 12) !== 'WAVE') return null;
  let format: { rateHz: number; frameBytes: number } | null = null;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = bytes.toString('latin1', at, at + 4);
    const sizeBytes = bytes.readUInt32LE(at + 4);
    const from = at + 8;
    if (name === 'fmt ' && sizeBytes >= 16 && from + 16 <= bytes.length) {
      if (bytes.readUInt16LE(from) !== 1 || bytes.readUInt16LE(from + 14) !== 16) return null;
      format = { rateHz: bytes.readUInt32LE(from + 4), frameBytes: bytes.readUInt16LE(from + 12) };
    }
    if (name === 'data') {
      if (!format || format.rateHz === 0 || format.frameBytes === 0 || from + sizeBytes > bytes.length) return null;
      return {
        format: 'wav',
        durationMs: (sizeBytes / format.frameBytes / format.rateHz) * 1000,
        rateHz: format.rateHz,
      };
    }
    at = from + sizeBytes + (sizeBytes % 2);
  }
  return null;
}

/** Kilobits a second of layer III, by version: MPEG-1, then MPEG-2 and 2.5 (ISO 11172-3, 13818-3). */
const KBPS = [
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
] as const;
const RATES_HZ = [44_100, 48_000, 32_000] as const;

/** Adds up the frames, which must follow each other without a gap up to the end or a tag. */
function measureMp3(bytes: Buffer): MeasuredSound | null {
  let at = 0;
  if (bytes.toString('latin1', 0, 3) === 'ID3' && bytes.length > 10) {
    const size = [6, 7, 8, 9].reduce((sum, place) => sum * 128 + (bytes[place] ?? 0), 0);
    at = 10 + size;
  }
  let [frames, durationMs, rateHz] = [0, 0, 0];
  while (at + 4 <= bytes.length && bytes.toString('latin1', at, at + 3) !== 'TAG') {
    const frame = frameAt(bytes.readUInt32BE(at));
    if (!frame) return null;
    frames++;
    rateHz = frame.rateHz;
    durationMs += (frame.samples / rateHz) * 1000;
    at += frame.sizeBytes;
  }
  return frames === 0 ? null : { format: 'mp3', durationMs, rateHz };
}

function frameAt(head: number): { samples: number; rateHz: number; sizeBytes: number } | null {
  const version = (head >>> 19) & 3; // 3 is MPEG-1, 2 is MPEG-2, 0 is MPEG-2.5
  const layer = (head >>> 17) & 3; // 1 is layer III
  if (head >>> 21 !== 0x7ff || version === 1 || layer !== 1) return null;
  const isFirst = version === 3;
  const kbps = KBPS[isFirst ? 0 : 1][(head >>> 12) & 15] ?? 0;
  const rateHz = (RATES_HZ[(head >>> 10) & 3] ?? 0) / (isFirst ? 1 : version === 2 ? 2 : 4);
  if (kbps === 0 || rateHz === 0) return null;
  const samples = isFirst ? 1152 : 576;
  const padding = (head >>> 9) & 1;
  return { samples, rateHz, sizeBytes: Math.floor(((samples / 8) * (kbps * 1000)) / rateHz) + padding };
}

/** A tone as 16-bit PCM, mono. */
export function tone(durationMs: number, rateHz: number, pitchHz = 440): Buffer {
  const samples = Math.round((durationMs / 1000) * rateHz);
  const bytes = Buffer.alloc(samples * 2);
  for (let at = 0; at < samples; at++) {
    bytes.writeInt16LE(Math.round(Math.sin((2 * Math.PI * pitchHz * at) / rateHz) * 8_000), at * 2);
  }
  return bytes;
}

/** A tone as a whole WAV: 44 bytes of header, then the samples. */
export function wav(durationMs: number, rateHz: number, pitchHz?: number): Buffer {
  const samples = tone(durationMs, rateHz, pitchHz);
  return Buffer.concat([wavHeader(rateHz, samples.length), samples]);
}
