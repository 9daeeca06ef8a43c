/** A stretch of a made voice: pitch in hertz at its beginning and end, loudness 0–1; without a pitch it is silence. */
export interface Stretch {
  readonly ms: number;
  readonly hz?: readonly [number, number];
  readonly loudness?: number;
}

/** A voice of twelve harmonics that falls off like a real one, gliding evenly in semitones. */
export function voice(stretches: readonly Stretch[]): Float32Array {
  const samples = new Float32Array(stretches.reduce((sum, { ms }) => sum + ms * 16, 0));
  let at = 0;
  let phase = 0;
  for (const { ms, hz, loudness = 0.2 } of stretches) {
    for (let n = 0; n < ms * 16; n++, at++) {
      if (!hz) continue;
      const pitch = glide(hz, n / (ms * 16));
      phase += (2 * Math.PI * pitch) / 16_000;
      for (let harmonic = 1; harmonic <= 12; harmonic++) {
        samples[at] = (samples[at] as number) + (loudness * Math.sin(harmonic * phase)) / harmonic;
      }
    }
  }
  return samples;
}

/** The pitch of a glide at a share of its length. */
export function glide([from, to]: readonly [number, number], share: number): number {
  return from * (to / from) ** share;
}

/** The same sound with white noise so many dB below `levelDb`, the same noise every time. */
export function noisy(samples: Float32Array, levelDb: number, snrDb: number): Float32Array {
  const deviation = 10 ** ((levelDb - snrDb) / 20);
  let seed = 1;
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
    return (seed + 1) / 0x80000001;
  };
  return samples.map(
    (sample) => sample + deviation * Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random()),
  );
}
