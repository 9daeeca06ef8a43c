/**
 * Sound with noise added at a signal-to-noise ratio in dB, over all of it; `null` adds none. The noise is the same each time,
 * and like speech strongest at low frequencies (one pole at 0.9).
 */
export function noisy(samples: Float32Array, snrDb: number | null, seed = 7): Float32Array {
  if (snrDb === null) return samples;
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  let level = 0;
  const noise = samples.map(() => {
    level = 0.9 * level + random() + random() + random() - 1.5;
    return level;
  });
  const gain = Math.sqrt(energy(samples) / energy(noise) / 10 ** (snrDb / 10));
  return samples.map((sample, at) => sample + gain * (noise[at] ?? 0));
}

function energy(samples: Float32Array): number {
  return samples.reduce((sum, sample) => sum + sample ** 2, 0);
}
