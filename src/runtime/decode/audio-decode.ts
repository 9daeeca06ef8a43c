import { startWorker, workerModule } from '../worker/host.ts';

/** What to decode: `format` is audio-decode's name for it; it is fed `chunkBytes` at a time. */
export interface DecodeRequest {
  readonly path: string;
  readonly format: string;
  readonly chunkBytes: number;
  /** The process is ended when it needs more memory than this. */
  readonly maxRssBytes: number;
}

/** A piece of decoded sound, one array for each channel. */
export interface Decoded {
  readonly channels: readonly Float32Array[];
  readonly sampleRateHz: number;
}

/**
 * Decodes a file with audio-decode (WebAssembly), piece by piece, in a process of its own that ends with the pass.
 * Throws `media.broken` or `runtime.package-missing`, and `runtime.worker-died` where it needs too much memory.
 */
export async function* decodeWithoutFfmpeg(request: DecodeRequest, signal: AbortSignal): AsyncGenerator<Decoded> {
  // What has been read of the file is known only to the process that read it.
  const worker = startWorker(workerModule(import.meta.url), { keepsState: true });
  try {
    await worker.call('open', request, signal);
    for (;;) {
      const piece = await worker.call<Decoded | null>('next', null, signal);
      if (!piece) return;
      yield piece;
    }
  } finally {
    // Killed at once; nobody needs to wait until it is gone.
    void worker.close();
  }
}

/** Whether audio-decode is installed. */
export function canDecodeWithoutFfmpeg(): boolean {
  try {
    import.meta.resolve('audio-decode');
    return true;
  } catch {
    return false;
  }
}
