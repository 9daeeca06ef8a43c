/** Something scored, and whether it is what was looked for. */
export interface Scored {
  readonly value: number;
  readonly hit: boolean;
}

/** How well scores put hits first: `auroc` 0.5 is chance, `ap` average precision, `recallAtP60` the largest recall at a precision of at least 0.6. */
export interface Ranking {
  readonly auroc: number;
  readonly ap: number;
  readonly recallAtP60: number;
}

/** Ranks by score, highest first; equal scores share their place. `NaN` where there are no hits, or nothing else. */
export function rankingOf(scored: readonly Scored[]): Ranking {
  return rankerOf(scored)(() => 1);
}

/** Sorts once and ranks as often as wanted, each item counted as often as is said: what a bootstrap needs. Items are given by their number. */
export function rankerOf(scored: readonly Scored[]): (timesOf: (item: number) => number) => Ranking {
  const order = Int32Array.from(scored.keys()).sort((a, b) => (scored[b]?.value ?? 0) - (scored[a]?.value ?? 0));
  const values = Float64Array.from(order, (item) => scored[item]?.value ?? 0);
  const hit = Uint8Array.from(order, (item) => (scored[item]?.hit ? 1 : 0));
  return (timesOf) => {
    const times = Float64Array.from(order, timesOf);
    const hits = times.reduce((sum, count, at) => sum + count * (hit[at] ?? 0), 0);
    const misses = times.reduce((sum, count) => sum + count, 0) - hits;
    let [found, passed, area, ap, recallAtP60] = [0, 0, 0, 0, 0];
    for (let from = 0; from < times.length; ) {
      let to = from;
      let [here, wrong] = [0, 0];
      for (; to < times.length && values[to] === values[from]; to += 1) {
        if (hit[to] === 1) here += times[to] ?? 0;
        else wrong += times[to] ?? 0;
      }
      from = to;
      if (here + wrong === 0) continue;
      // Hits before these misses count whole, those beside them half.
      area += wrong * (found + here / 2);
      found += here;
      passed += wrong;
      const precision = found / (found + passed);
      ap += (here / hits) * precision;
      if (precision >= 0.6) recallAtP60 = found / hits;
    }
    return { auroc: area / (hits * misses), ap, recallAtP60 };
  };
}

/** Items whose probability lies in one stretch: how many, what was said of them in the mean, and what share were hits. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly items: number;
  readonly predicted: number;
  readonly observed: number;
}

/** Probabilities beside what came of them, in stretches of equal width from 0 to 1; empty ones are left out. */
export function reliabilityOf(scored: readonly Scored[], bins = 10): ReliabilityBin[] {
  const sums = Array.from({ length: bins }, () => ({ items: 0, sum: 0, hits: 0 }));
  for (const { value, hit } of scored) {
    const bin = sums[Math.min(bins - 1, Math.max(0, Math.floor(value * bins)))];
    if (!bin) continue;
    bin.items += 1;
    bin.sum += value;
    if (hit) bin.hits += 1;
  }
  return sums.flatMap(({ items, sum, hits }, at) =>
    items === 0 ? [] : { from: at / bins, to: (at + 1) / bins, items, predicted: sum / items, observed: hits / items },
  );
}

/** Expected calibration error: how far what was said of each stretch is from what came of it, weighted by its items (Guo et al. 2017, arXiv 1706.04599). */
export function eceOf(bins: readonly ReliabilityBin[]): number {
  const all = bins.reduce((sum, { items }) => sum + items, 0);
  return bins.reduce((sum, { items, predicted, observed }) => sum + items * Math.abs(predicted - observed), 0) / all;
}
