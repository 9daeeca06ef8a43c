/** How far one row of logits after another is from those it should equal. */
export interface Distance {
  /** The largest difference of two logits. */
  readonly maxAbs: number;
  /** Mean Kullback-Leibler divergence of a position, in nats. */
  readonly meanKl: number;
  /** Share of positions whose likeliest token is the same. */
  readonly sameTop: number;
  readonly positions: number;
}

/** Compares the logits of two paths, position by position. Logits that are not numbers count as infinitely far. */
export function distanceOf(wanted: readonly Float32Array[], found: readonly Float32Array[]): Distance {
  const positions = Math.min(wanted.length, found.length);
  let [maxAbs, kl, same] = [0, 0, 0];
  for (let at = 0; at < positions; at++) {
    const [a, b] = [wanted[at] as Float32Array, found[at] as Float32Array];
    const [sumA, sumB] = [logSumExp(a), logSumExp(b)];
    for (let token = 0; token < a.length; token++) {
      const [x, y] = [a[token] as number, b[token] as number];
      // Masked tokens have minus infinity on both sides.
      const apart = x === y ? 0 : Math.abs(x - y);
      if (!(apart <= maxAbs)) maxAbs = Number.isNaN(apart) ? Number.POSITIVE_INFINITY : apart;
      const logA = x - sumA;
      if (logA > Number.NEGATIVE_INFINITY && x !== y) kl += Math.exp(logA) * (logA - (y - sumB));
      else if (x === y && sumA !== sumB) kl += Math.exp(logA) * (sumB - sumA);
    }
    if (topOf(a) === topOf(b)) same += 1;
  }
  const meanKl = positions === 0 || Number.isNaN(kl) ? Number.POSITIVE_INFINITY : Math.max(0, kl / positions);
  return { maxAbs, meanKl, sameTop: positions === 0 ? 0 : same / positions, positions };
}

/** Distances of several texts as one. */
export function distancesTogether(distances: readonly Distance[]): Distance {
  const positions = distances.reduce((sum, one) => sum + one.positions, 0);
  const mean = (of: (one: Distance) => number) =>
    distances.reduce((sum, one) => sum + of(one) * one.positions, 0) / Math.max(1, positions);
  return {
    maxAbs: Math.max(0, ...distances.map((one) => one.maxAbs)),
    meanKl: mean((one) => one.meanKl),
    sameTop: mean((one) => one.sameTop),
    positions,
  };
}

function logSumExp(logits: Float32Array): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const value of logits) if (value > most) most = value;
  let sum = 0;
  for (const value of logits) sum += Math.exp(value - most);
  return most + Math.log(sum);
}

function topOf(logits: Float32Array): number {
  let best = 0;
  for (let token = 1; token < logits.length; token++) {
    if ((logits[token] as number) > (logits[best] as number)) best = token;
  }
  return best;
}
