import type { SampleCounts } from '#contract/media.ts';

/** A decoded float at or above this counts as full scale: 16-bit audio's largest values come out as 0.99997. */
export const FULL_SCALE = 0.999;

/** Counts the samples of one pass as they come. */
export interface SampleCounter extends SampleCounts {
  total: number;
  invalid: number;
  clipped: number;
}

/** A counter at zero. */
export function sampleCounter(): SampleCounter {
  return { total: 0, invalid: 0, clipped: 0 };
}

/** Counts decoded floats and puts 0 in place of the invalid ones, in the array itself. */
export function countAndMend(samples: Float32Array, counter: SampleCounter, fullScale = FULL_SCALE): void {
  counter.total += samples.length;
  for (let at = 0; at < samples.length; at++) {
    const value = samples[at] as number;
    if (!Number.isFinite(value)) {
      counter.invalid++;
      samples[at] = 0;
    } else if (value >= fullScale || value <= -fullScale) {
      counter.clipped++;
    }
  }
}
