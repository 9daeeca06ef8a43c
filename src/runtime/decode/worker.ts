import { type FileHandle, open } from 'node:fs/promises';
import { SensoriumError } from '#contract/error.ts';
import { serve } from '../worker/serve.ts';
import type { Decoded, DecodeRequest } from './audio-decode.ts';

/** The part of audio-decode that is used: a streaming decoder per format. */
type StreamDecoder = (chunk?: Uint8Array) => Promise<{ channelData: Float32Array[]; sampleRate: number }>;
type Formats = Readonly<Record<string, (() => Promise<StreamDecoder>) | undefined>>;

let file: FileHandle;
let decoder: StreamDecoder | undefined;
let chunkBytes: number;

serve({
  async open(request: DecodeRequest) {
    const library = await import('audio-decode');
    const start = (library.default as unknown as Formats)[request.format];
    if (!start) throw new Error(`audio-decode has no format ${request.format}`);
    file = await open(request.path);
    chunkBytes = request.chunkBytes;
    decoder = await start();
  },

  /** The next piece of sound, or `null` at the end. */
  async next(): Promise<Decoded | null> {
    while (decoder) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(chunkBytes), 0, chunkBytes);
      const decoded = await made(decoder, bytesRead > 0 ? buffer.subarray(0, bytesRead) : undefined);
      if (bytesRead === 0) decoder = undefined;
      if (decoded.channelData.length > 0) return { channels: decoded.channelData, sampleRateHz: decoded.sampleRate };
    }
    return null;
  },
});

async function made(decode: StreamDecoder, chunk: Uint8Array | undefined) {
  try {
    return await decode(chunk);
  } catch (error) {
    throw new SensoriumError('media.broken', `It cannot be decoded: ${(error as Error).message}.`, { cause: error });
  }
}
