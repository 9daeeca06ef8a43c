import { type Dense, dense } from './dense.ts';

/**
 * Random Fourier features (Rahimi and Recht 2007): √(2/D)·cos(xR/σ + b) for a normal R and b in [0, 2π). A linear classifier on them
 * comes close to one with a Gaussian kernel. R and b are drawn anew from the seed, so only it is kept.
 */
export interface RandomFeatures {
  readonly seed: number;
  readonly count: number;
  /** σ: about how far apart rows are that should still count as alike. */
  readonly spread: number;
}

export function randomFeatures({ seed, count, spread }: RandomFeatures, inputs: Dense): Dense {
  const draw = seeded(seed);
  const directions = Float64Array.from({ length: inputs.columns * count }, () => normal(draw) / spread);
  const phases = Float64Array.from({ length: count }, () => draw() * 2 * Math.PI);
  const scale = Math.sqrt(2 / count);
  return dense(inputs.rows, count, (into) => {
    for (let row = 0; row < inputs.rows; row++) {
      const sums = Float64Array.from(phases);
      for (let inner = 0; inner < inputs.columns; inner++) {
        const value = inputs.values[row * inputs.columns + inner] as number;
        const start = inner * count;
        for (let at = 0; at < count; at++) sums[at] = (sums[at] as number) + value * (directions[start + at] as number);
      }
      into.set(
        sums.map((sum) => scale * Math.cos(sum)),
        row * count,
      );
    }
  });
}

/** Numbers in [0, 1), the same for the same seed everywhere (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A normal number of two even ones (Box and Muller 1958). */
function normal(draw: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
}
