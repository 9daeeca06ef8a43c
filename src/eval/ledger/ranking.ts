/** Something scored, and whether it is what was looked for. */
export interface Scored {
  readonly score: number;
  readonly hit: boolean;
}

/** How well scores put hits first: `auroc` 0.5 is chance, `ap` average precision, `recallAtP60` the largest recall at a precision of at least 0.6. */
export interface Ranking {
  readonly auroc: number;
  readonly ap: number;
  readonly recallAtP60: number;
}

/** Ranks by score, highest first; equal scores share their place. */
export function rankingOf(scored: readonly Scored[]): Ranking {
  const sorted = [...scored].sort((a, b) => b.score - a.score);
  const hits = sorted.filter(({ hit }) => hit).length;
  const misses = sorted.length - hits;
  let [found, passed, area, ap, recallAtP60] = [0, 0, 0, 0, 0];
  for (let from = 0; from < sorted.length; ) {
    let to = from;
    let here = 0;
    for (; to < sorted.length && sorted[to]?.score === sorted[from]?.score; to += 1) if (sorted[to]?.hit) here += 1;
    const wrong = to - from - here;
    // Hits before these misses count whole, those beside them half.
    area += wrong * (found + here / 2);
    found += here;
    passed += wrong;
    const precision = found / (found + passed);
    ap += (here / hits) * precision;
    if (precision >= 0.6) recallAtP60 = found / hits;
    from = to;
  }
  return { auroc: area / (hits * misses), ap, recallAtP60 };
}
