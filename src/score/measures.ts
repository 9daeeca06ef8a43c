import type { Edits } from './align.ts';

/** The rates of some edits, of one text or of many together. */
export interface Measures {
  /** Edits for each unit of the reference: word, character or mixed error rate. Can exceed 1. */
  readonly errorRate: number;
  /** Edits for each pair or single in the alignment, from 0 to 1. */
  readonly matchErrorRate: number;
  /** The share of both texts that is the same, multiplied. */
  readonly wordInformationPreserved: number;
  readonly wordInformationLost: number;
}

/**
 * Edits for each unit of the reference (Levenshtein over length). Of an empty reference it is the count of what was invented, as
 * jiwer 4 has it: silence can be a test item.
 */
export function errorRate({ substitutions, deletions, insertions, hits }: Edits): number {
  return (substitutions + deletions + insertions) / Math.max(1, hits + substitutions + deletions);
}

/** All rates (Morris, Maier and Green 2004, “From WER and RIL to MER and WIL”), with the edge cases of jiwer 4. */
export function measuresOf(edits: Edits): Measures {
  const { substitutions, deletions, insertions, hits } = edits;
  const wrong = substitutions + deletions + insertions;
  const reference = hits + substitutions + deletions;
  const hypothesis = hits + substitutions + insertions;
  const preserved =
    reference === 0 ? Number(hypothesis === 0) : hypothesis === 0 ? 0 : (hits / reference) * (hits / hypothesis);
  return {
    errorRate: errorRate(edits),
    matchErrorRate: wrong === 0 ? 0 : wrong / (hits + wrong),
    wordInformationPreserved: preserved,
    wordInformationLost: 1 - preserved,
  };
}

/** Edits of many texts together: the rate of all as if they were one (micro average). */
export function together(scores: Iterable<Edits>): Edits & { readonly rate: number } {
  const sum = { substitutions: 0, deletions: 0, insertions: 0, hits: 0 };
  for (const score of scores) {
    for (const kind of ['substitutions', 'deletions', 'insertions', 'hits'] as const) sum[kind] += score[kind];
  }
  return { ...sum, rate: errorRate(sum) };
}
