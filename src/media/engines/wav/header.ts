import type { FileHandle } from 'node:fs/promises';
import { SensoriumError } from '#contract/error.ts';

/** How one sample is stored. */
export type Encoding = 'u8' | 's16' | 's24' | 's32' | 'f32' | 'f64' | 'mulaw' | 'alaw';

/** What a WAV file's head says, and where its samples lie. */
export interface WavHeader {
  readonly encoding: Encoding;
  readonly channels: number;
  readonly sampleRateHz: number;
  /** Bytes of one sample of all channels. */
  readonly frameBytes: number;
  readonly dataStart: number;
  /** Whole frames that are in the file. */
  readonly frames: number;
  /** Frames the header promises; `null` where it was written before the length was known. */
  readonly declaredFrames: number | null;
}

const UNKNOWN_SIZE = 0xffff_ffff;
const EXTENSIBLE = 0xfffe;
const MAX_CHANNELS = 64;
const MAX_CHUNKS = 10_000;

/** Format tags as registered in RFC 2361 and mmreg.h, with the bits per sample this reader knows. */
const ENCODINGS: Readonly<Record<string, Encoding>> = {
  '1/8': 'u8',
  '1/16': 's16',
  '1/24': 's24',
  '1/32': 's32',
  '3/32': 'f32',
  '3/64': 'f64',
  '6/8': 'alaw',
  '7/8': 'mulaw',
};

/** The format tag of the first `fmt ` chunk, with the extensible form resolved; `null` if there is none. */
export async function wavFormatTag(file: FileHandle): Promise<number | null> {
  for await (const chunk of chunks(file)) {
    if (chunk.id !== 'fmt ') continue;
    const body = await read(file, chunk.start, Math.min(chunk.size, 40));
    return body.length < 16 ? null : formatTag(body);
  }
  return null;
}

/**
 * Reads the head of a RIFF/WAVE or RF64 file: any order of chunks, odd sizes padded, sizes left open by a writer that
 * streamed, data cut off. Throws `media.broken` where it makes no sense and `media.unsupported` for other codings.
 */
export async function readWavHeader(file: FileHandle, name: string): Promise<WavHeader> {
  const { size: fileBytes } = await file.stat();
  let format: Buffer | undefined;
  let longDataBytes: number | undefined;
  for await (const chunk of chunks(file)) {
    if (chunk.id === 'fmt ') format = await read(file, chunk.start, Math.min(chunk.size, 40));
    if (chunk.id === 'ds64') {
      const body = await read(file, chunk.start, 16);
      if (body.length === 16) longDataBytes = Number(body.readBigUInt64LE(8));
    }
    if (chunk.id !== 'data') continue;
    if (!format) throw broken(name, 'its sound comes before its format');
    const layout = readFormat(format, name);
    const present = fileBytes - chunk.start;
    const declared = chunk.size === UNKNOWN_SIZE ? longDataBytes : chunk.size;
    // A writer that streams and never comes back leaves the size at its greatest, or at 0 with sound after it.
    const open = declared === undefined || declared >= UNKNOWN_SIZE - 0xff || (declared === 0 && present > 0);
    const bytes = open ? present : Math.min(declared, present);
    return {
      ...layout,
      dataStart: chunk.start,
      frames: Math.floor(bytes / layout.frameBytes),
      declaredFrames: open ? null : Math.floor(declared / layout.frameBytes),
    };
  }
  throw broken(name, format ? 'it has no sound in it' : 'its head is cut off or makes no sense');
}

function readFormat(body: Buffer, name: string) {
  if (body.length < 16) throw broken(name, 'its format is cut off');
  const tag = formatTag(body);
  const channels = body.readUInt16LE(2);
  const sampleRateHz = body.readUInt32LE(4);
  const bits = body.readUInt16LE(14);
  const encoding = ENCODINGS[`${tag}/${Math.ceil(bits / 8) * 8}`];
  if (!encoding) {
    throw new SensoriumError('media.unsupported', `${name} is a WAV file in coding ${tag} with ${bits} bits.`, {
      hint: 'Convert it to 16-bit PCM.',
    });
  }
  if (channels < 1 || channels > MAX_CHANNELS) throw broken(name, `it claims ${channels} channels`);
  if (sampleRateHz < 1_000 || sampleRateHz > 384_000) throw broken(name, `it claims ${sampleRateHz} samples a second`);
  return { encoding, channels, sampleRateHz, frameBytes: channels * Math.ceil(bits / 8) };
}

function formatTag(body: Buffer): number {
  const tag = body.readUInt16LE(0);
  return tag === EXTENSIBLE && body.length >= 26 ? body.readUInt16LE(24) : tag;
}

async function* chunks(file: FileHandle): AsyncGenerator<{ id: string; start: number; size: number }> {
  let at = 12;
  for (let count = 0; count < MAX_CHUNKS; count++) {
    const head = await read(file, at, 8);
    if (head.length < 8) return;
    const size = head.readUInt32LE(4);
    yield { id: head.toString('latin1', 0, 4), start: at + 8, size };
    at += 8 + size + (size % 2);
  }
}

async function read(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, at);
  return buffer.subarray(0, bytesRead);
}

function broken(name: string, why: string): SensoriumError {
  return new SensoriumError('media.broken', `${name} is a broken WAV file: ${why}.`, {
    hint: 'Export or record it again.',
  });
}
