import { z } from 'zod';

/** What a part of a request is, decided from its bytes and never from its name. */
export const MediaKind = z.enum(['audio', 'image', 'video', 'document', 'text']);
export type MediaKind = z.infer<typeof MediaKind>;

/**
 * One media part of a request, measured and hashed. It describes; the bytes stay where they are.
 *
 * `part` names it everywhere else (`part-1`, `part-2`, … in the order given); `name` is what a person would call it and
 * carries no path. `mimeType` is sniffed. `sha256` is of the bytes as they came in.
 */
export const Media = z.object({
  part: z.string(),
  kind: MediaKind,
  name: z.string(),
  source: z.enum(['file', 'url', 'data-url', 'bytes']),
  mimeType: z.string(),
  sizeBytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type Media = z.infer<typeof Media>;

/** The sample rate everything that listens is given, in hertz. */
export const HEARING_RATE_HZ = 16_000;

/** What a pass met among the samples as they were stored: NaN or infinite ones (read as 0), and ones at full scale. */
export interface SampleCounts {
  readonly total: number;
  readonly invalid: number;
  readonly clipped: number;
}

/**
 * Decoded sound: mono float32 at 16 kHz in [-1, 1], in pieces of any length. `pcm()` may be called again for another
 * pass; memory stays bounded however long the recording is.
 */
export interface Sound {
  readonly sampleRateHz: typeof HEARING_RATE_HZ;
  pcm(signal?: AbortSignal): AsyncIterable<Float32Array>;
  /** The counts of the latest whole pass, taken before downmix and resampling; `null` before one. */
  counts?(): SampleCounts | null;
}

/** Decoded pixels, upright: 8 bits each of red, green and blue, row by row from the top, no padding. */
export interface Pixels {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly rgb: Uint8Array;
}

/** A media part together with the way to its content. `sound` is there for audio, and for video that has any. */
export interface MediaPart {
  readonly media: Media;
  readonly sound?: Sound;
  /** The content itself, for routes that pass it on; read on demand. */
  bytes(): Promise<Uint8Array>;
  /** The same, piece by piece. */
  stream(): AsyncIterable<Uint8Array>;
  /** Frees what was kept for it (temporary files, cached sound). */
  close(): Promise<void>;
}
