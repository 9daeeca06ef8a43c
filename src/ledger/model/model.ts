import type { DoubtfulSpan, Ledger } from '#contract/ledger.ts';
import type { LedgerInput } from '../ledger.ts';
import { unmeasured } from '../unmeasured.ts';

/** Loss 3: where the text, right or wrong, will mislead this language model. */
export function modelLoss(_input: LedgerInput, _spans: readonly DoubtfulSpan[]): Ledger['loss']['model'] {
  const noTokenizer = unmeasured('No tokenizer of this model is known.');
  return {
    ...{ tokenizer: null, tokensPerHan: noTokenizer, rare: [], rareCharacters: noTokenizer, roundTrip: noTokenizer },
    ...{ homophones: unmeasured('No homophone measure.'), homophoneOverlap: unmeasured('No homophone measure.') },
  };
}
