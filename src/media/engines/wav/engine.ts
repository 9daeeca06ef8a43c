import { type FileHandle, open } from 'node:fs/promises';
import { HEARING_RATE_HZ } from '#contract/media.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { resampler } from '#kit/resample.ts';
import type { SampleCounter } from '../../counter.ts';
import type { Decoder, SoundFile } from '../../decoder.ts';
import { readWavHeader } from './header.ts';
import { readMono } from './samples.ts';

/** Work on the main thread comes in pieces this short, so that nothing else there waits for it. */
const PIECE_MS = 250;

/** Reads uncompressed WAV without help from outside. */
export const wavDecoder: Decoder = {
  id: 'wav',
  purpose: 'reads uncompressed WAV itself',
  takes: (mimeType) => mimeType === 'audio/wav',
  available: async () => true,

  async look(file) {
    const header = await withFile(file.path, (handle) => readWavHeader(handle, file.name));
    const soundMs = ((header.declaredFrames ?? header.frames) * 1_000) / header.sampleRateHz;
    return { hasSound: true, hasPicture: false, declaredMs: soundMs, soundMs };
  },

  decode: decodeWav,
};

async function* decodeWav(file: SoundFile, counter: SampleCounter, signal: AbortSignal): AsyncGenerator<Float32Array> {
  const handle = await open(file.path);
  try {
    const header = await readWavHeader(handle, file.name);
    const rate = resampler(header.sampleRateHz, HEARING_RATE_HZ);
    const pieceFrames = Math.ceil((header.sampleRateHz * PIECE_MS) / 1_000);
    const buffer = Buffer.alloc(pieceFrames * header.frameBytes);
    for (let frame = 0; frame < header.frames; frame += pieceFrames) {
      throwIfCancelled(signal);
      const wanted = Math.min(pieceFrames, header.frames - frame) * header.frameBytes;
      const { bytesRead } = await handle.read(buffer, 0, wanted, header.dataStart + frame * header.frameBytes);
      const mono = readMono(buffer.subarray(0, bytesRead), header.encoding, header.channels, counter);
      yield rate.push(mono);
    }
    yield rate.end();
  } finally {
    await handle.close();
  }
}

async function withFile<T>(path: string, use: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(path);
  try {
    return await use(handle);
  } finally {
    await handle.close();
  }
}
