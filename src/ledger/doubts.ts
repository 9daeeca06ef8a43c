import type { DoubtfulSpan, Measured } from '#contract/ledger.ts';
import { accuracyOf } from './accuracy/accuracy.ts';
import type { Knowledge, LedgerInput } from './ledger.ts';
import { homophoneLoss } from './model/homophones.ts';

/**
 * What of the texts may be wrong, as the ledger will have it, before anything is mended: places that are probably misheard or misread, and
 * words that are seldom what their sound means. Placed in the texts as they are handed in, the expected error rate beside them.
 */
export function doubtsIn(
  input: LedgerInput,
  { dictionary, english, profile }: Pick<Knowledge, 'dictionary' | 'english' | 'profile'>,
): { readonly spans: readonly DoubtfulSpan[]; readonly errorRate: Measured } {
  const { spans, loss } = accuracyOf(input, { dictionary, profile });
  const { value, source, reason } = loss.errorRate;
  const misleading = homophoneLoss(input.perceptions, spans, dictionary, english).spans;
  return { spans: [...spans, ...misleading], errorRate: { value, source, reason } };
}
