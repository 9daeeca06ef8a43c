import type { Measured } from '#contract/ledger.ts';
import type { LedgerInput } from '../ledger.ts';
import { unmeasured } from '../unmeasured.ts';

/** How likely it is that some of the text was never said, and what points to it, each named once. */
export interface Hallucination {
  readonly probability: Measured;
  readonly signals: readonly string[];
}

/** Looks for text that was never said. */
export function hallucinationOf(_input: Pick<LedgerInput, 'perceptions' | 'findings' | 'losses'>): Hallucination {
  return { probability: unmeasured('Only the rules that fired are known; see losses.'), signals: [] };
}
