import type { TimeSpan } from '#contract/finding.ts';

/** A hiss wherever there is speech and silence elsewhere: loud at every pitch, and the same each time. */
export function hiss(durationMs: number, speech: readonly TimeSpan[]): Float32Array {
  let state = 7;
  const samples = new Float32Array(durationMs * 16);
  for (const { startMs, endMs } of speech) {
    for (let at = Math.round(startMs * 16); at < Math.min(samples.length, endMs * 16); at += 1) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      samples[at] = 0.4 * (state / 2 ** 31 - 1);
    }
  }
  return samples;
}

/** Tones of these pitches at once. */
export function tones(durationMs: number, pitchesHz: readonly number[]): Float32Array {
  return Float32Array.from({ length: durationMs * 16 }, (_, at) =>
    pitchesHz.reduce((sum, hz) => sum + 0.3 * Math.sin((2 * Math.PI * hz * at) / 16_000), 0),
  );
}
