import type { TimeSpan } from '#contract/finding.ts';

/** Finds where somebody speaks. */
export interface VoiceDetector {
  readonly id: string;
  /**
   * Listens to mono float32 at 16 kHz in pieces of any length and says where a voice is: in order, apart from each other,
   * inside the sound. Memory stays bounded. Throws `kit.cancelled`, or what the pieces throw.
   */
  detect(pcm: AsyncIterable<Float32Array>, signal: AbortSignal): Promise<readonly TimeSpan[]>;
  close(): Promise<void>;
}
