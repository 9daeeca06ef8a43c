import type { Ledger } from '#contract/ledger.ts';
import type { Loss } from '#contract/loss.ts';

type Normalisation = Ledger['loss']['conversion']['normalisations'][number];

/**
 * What normalising changed after something was heard. Converting between the scripts is not reversible: 發 and 髮 both become 发, and which of the two
 * scripts a character was in is not known afterwards.
 */
export function normalisationsOf(losses: readonly Loss[]): Normalisation[] {
  const counts = new Map<string, number>();
  for (const { kind, extent, after } of losses) {
    if (kind !== 'script-converted' || extent === null) continue;
    const op = `to-${after ?? 'another-script'}`;
    counts.set(op, (counts.get(op) ?? 0) + Math.round(extent));
  }
  return [...counts].map(([op, changedChars]) => ({ op, changedChars, reversible: false }));
}
