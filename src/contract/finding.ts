import { z } from 'zod';

/** A stretch of time in a recording. */
export const TimeSpan = z.object({ startMs: z.number().nonnegative(), endMs: z.number().nonnegative() });
export type TimeSpan = z.infer<typeof TimeSpan>;

/**
 * What a look at the sound found before any route was chosen. Every figure is measured, or `null` where it could not be.
 *
 * - `speech`: where a voice activity detector heard a voice; `speechRatio` is its share of the duration, 0–1.
 * - `rmsDb`: level of the voiced part (of everything, if there is none), in dB relative to full scale.
 * - `clippedRatio`: share of samples at full scale, 0–1.
 * - `snrDb`: estimated from voiced against unvoiced level; `null` where one of the two is missing.
 * - `invalidSamples`: NaN or infinite samples that were read as silence.
 */
export const SoundFinding = z.object({
  part: z.string(),
  kind: z.literal('sound'),
  durationMs: z.number().nonnegative(),
  speech: z.array(TimeSpan),
  speechRatio: z.number().min(0).max(1),
  speechSource: z.string(),
  rmsDb: z.number().nullable(),
  peakDb: z.number().nullable(),
  clippedRatio: z.number().min(0).max(1),
  snrDb: z.number().nullable(),
  invalidSamples: z.number().int().nonnegative(),
});
export type SoundFinding = z.infer<typeof SoundFinding>;

/** What was found out about a part that nobody can look into yet: only that it is there. */
export const UnreadFinding = z.object({ part: z.string(), kind: z.literal('unread'), reason: z.string() });
export type UnreadFinding = z.infer<typeof UnreadFinding>;

export const Finding = z.discriminatedUnion('kind', [SoundFinding, UnreadFinding]);
export type Finding = z.infer<typeof Finding>;
