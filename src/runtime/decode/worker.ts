import { type FileHandle, open } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { SensoriumError } from '#contract/error.ts';
import { serve } from '../worker/serve.ts';
import type { Decoded, DecodeRequest } from './audio-decode.ts';

/** The part of audio-decode that is used: a streaming decoder per format. */
type StreamDecoder = (chunk?: Uint8Array) => Promise<{ channelData: Float32Array[]; sampleRate: number }>;
type Formats = Readonly<Record<string, (() => Promise<StreamDecoder>) | undefined>>;

/** Samples of all channels in one piece: what crosses to the other process, and is there at once, stays small. */
const PIECE_SAMPLES = 2 ** 18;

let file: FileHandle;
let decoder: StreamDecoder | undefined;
let chunkBytes: number;
let pending: { readonly decoded: Decoded; at: number } | undefined;

serve({
  async open(request: DecodeRequest) {
    const library = await import('audio-decode');
    const start = (library.default as unknown as Formats)[request.format];
    if (!start) throw new Error(`audio-decode has no format ${request.format}`);
    file = await open(request.path);
    chunkBytes = request.chunkBytes;
    watchMemory(request.maxRssBytes);
    decoder = await start();
  },

  /** The next piece of sound, or `null` at the end. */
  async next(): Promise<Decoded | null> {
    for (;;) {
      const piece = pending && nextOf(pending);
      if (piece) return piece;
      pending = undefined;
      if (!decoder) return null;
      const { buffer, bytesRead } = await file.read(Buffer.alloc(chunkBytes), 0, chunkBytes);
      const { channelData, sampleRate } = await made(
        decoder,
        bytesRead > 0 ? buffer.subarray(0, bytesRead) : undefined,
      );
      if (bytesRead === 0) decoder = undefined;
      pending = { decoded: { channels: channelData, sampleRateHz: sampleRate }, at: 0 };
    }
  },
});

function nextOf(whole: { readonly decoded: Decoded; at: number }): Decoded | null {
  const { channels, sampleRateHz } = whole.decoded;
  const from = whole.at;
  if (from >= (channels[0]?.length ?? 0)) return null;
  whole.at += Math.ceil(PIECE_SAMPLES / channels.length);
  return { channels: channels.map((channel) => channel.slice(from, whole.at)), sampleRateHz };
}

async function made(decode: StreamDecoder, chunk: Uint8Array | undefined) {
  try {
    return await decode(chunk);
  } catch (error) {
    throw new SensoriumError('media.broken', `It cannot be decoded: ${(error as Error).message}.`, { cause: error });
  }
}

// A few bytes may decode to gigabytes in one call that nothing here can interrupt, so a thread beside it looks on.
function watchMemory(maxRssBytes: number): void {
  const watch = `setInterval(() => {
    if (process.memoryUsage.rss() > ${maxRssBytes}) process.kill(process.pid, 'SIGKILL');
  }, 20)`;
  new Worker(watch, { eval: true, execArgv: [] }).unref();
}
