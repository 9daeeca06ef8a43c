import type { SoundWanted } from './formats.ts';

/** Turns sound into bytes of some format while it is being made. */
export interface SoundEncoder {
  readonly id: string;
  /** Whether it knows the format and what it needs is installed. Runs before any sound is made. */
  ready(wanted: SoundWanted): Promise<boolean>;
  /**
   * Encodes mono float32 in [-1, 1] without NaN. Bytes come as soon as they can, none before the first sound; more sound is
   * fetched only when the reader waits. How the sound is cut into pieces makes no difference to the bytes.
   */
  encode(pcm: AsyncIterable<Float32Array>, wanted: SoundWanted, signal: AbortSignal): AsyncIterable<Uint8Array>;
}
