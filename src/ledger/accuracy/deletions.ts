import type { Measured } from '#contract/ledger.ts';
import type { LedgerInput } from '../ledger.ts';
import { unmeasured } from '../unmeasured.ts';

/** About how many characters (Chinese) or words were said and are not in the text. */
export function deletionsOf(_input: Pick<LedgerInput, 'perceptions' | 'findings'>): Measured {
  return unmeasured('Needs a second reader or calibrated voiced-time alignment.');
}
