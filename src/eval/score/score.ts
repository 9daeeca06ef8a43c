import { type Edits, editsBetween, errorRate } from '#kit/edits.ts';
import { type Strictness, type Unit, unitsOf } from './units.ts';

/** How a text differs from a reference, and what it was compared by. */
export interface Score extends Edits {
  readonly unit: Unit;
  readonly rate: number;
}

/** Scores a text against the reference it is nearest to: numbers, say, may be written in digits or in words. */
export async function scoreText(
  references: readonly string[],
  text: string,
  unit: Unit,
  strictness: Strictness,
): Promise<Score> {
  const units = await unitsOf(text, unit, strictness);
  let best: Score | null = null;
  for (const reference of references) {
    const edits = editsBetween(await unitsOf(reference, unit, strictness), units);
    const score = { ...edits, unit, rate: errorRate(edits) };
    if (best === null || score.rate < best.rate) best = score;
  }
  if (best === null) throw new Error('There is nothing to score against.');
  return best;
}

/** Edits of many texts together: the rate of all as if they were one (micro average). */
export function together(scores: readonly Edits[]): Edits & { readonly rate: number } {
  const sum = { substitutions: 0, deletions: 0, insertions: 0, hits: 0 };
  for (const score of scores) {
    for (const kind of ['substitutions', 'deletions', 'insertions', 'hits'] as const) sum[kind] += score[kind];
  }
  return { ...sum, rate: errorRate(sum) };
}
