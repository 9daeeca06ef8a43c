import type { TimeSpan } from '#contract/finding.ts';
import { HEARING_RATE_HZ } from '#contract/media.ts';
import { FRAME_MS, FRAME_SAMPLES } from './spans.ts';

/** The levels of one pass, in dB relative to full scale; `null` where there is nothing but digital silence. */
export interface Levels {
  readonly durationMs: number;
  readonly rmsDb: number | null;
  readonly peakDb: number | null;
  readonly snrDb: number | null;
  readonly samples: number;
  readonly invalid: number;
  readonly clipped: number;
}

/** Measures sound as it passes. Keeps one number for each 32 ms: 3.6 MB for four hours. */
export interface LevelMeter {
  through(pcm: AsyncIterable<Float32Array>): AsyncIterable<Float32Array>;
  /** Levels, told apart by where a voice is. */
  levels(speech: readonly TimeSpan[]): Levels;
}

/** A sample from here on counts as full scale. */
const FULL_SCALE = 0.999;
/** Less than this much sound without a voice says nothing about the noise. */
const MIN_NOISE_FRAMES = 6;
/** Digital silence and dither of 16-bit audio lie below -96 dB: no recorded room is as quiet. */
const SILENCE_POWER = 1e-10;

/** A meter for one pass. */
export function levelMeter(): LevelMeter {
  const powers: number[] = [];
  let [samples, invalid, clipped, peak] = [0, 0, 0, 0];
  let energy = 0;

  function measure(piece: Float32Array): void {
    for (let at = 0; at < piece.length; at++) {
      const value = piece[at] as number;
      const size = Math.abs(value);
      samples++;
      if (!Number.isFinite(value)) invalid++;
      else {
        if (size >= FULL_SCALE) clipped++;
        if (size > peak) peak = size;
        energy += value * value;
      }
      if (samples % FRAME_SAMPLES === 0) {
        powers.push(energy / FRAME_SAMPLES);
        energy = 0;
      }
    }
  }

  return {
    async *through(pcm) {
      for await (const piece of pcm) {
        measure(piece);
        yield piece;
      }
    },
    levels(speech) {
      const rest = samples % FRAME_SAMPLES;
      const all = rest > 0 ? [...powers, energy / rest] : powers;
      const { voiced, unvoiced } = apart(all, speech);
      const noise = unvoiced.length >= MIN_NOISE_FRAMES ? mean(unvoiced) : null;
      const voice = mean(voiced);
      return {
        durationMs: Math.round((samples * 1_000) / HEARING_RATE_HZ),
        rmsDb: decibels(voice ?? mean(all) ?? 0),
        peakDb: decibels(peak * peak),
        snrDb: voice && noise && noise > SILENCE_POWER ? decibels(voice / noise) : null,
        samples,
        invalid,
        clipped,
      };
    },
  };
}

function apart(powers: readonly number[], speech: readonly TimeSpan[]): { voiced: number[]; unvoiced: number[] } {
  const voiced: number[] = [];
  const unvoiced: number[] = [];
  let next = 0;
  powers.forEach((power, frame) => {
    const middleMs = (frame + 0.5) * FRAME_MS;
    while ((speech[next]?.endMs ?? Number.POSITIVE_INFINITY) <= middleMs) next++;
    const inside = middleMs >= (speech[next]?.startMs ?? Number.POSITIVE_INFINITY);
    (inside ? voiced : unvoiced).push(power);
  });
  return { voiced, unvoiced };
}

function mean(values: readonly number[]): number | null {
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
}

/** Power in dB to one decimal; `null` for no power at all. */
function decibels(power: number): number | null {
  return power > 0 ? Math.round(100 * Math.log10(power)) / 10 : null;
}
