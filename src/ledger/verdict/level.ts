import type { Ledger } from '#contract/ledger.ts';
import type { Facts } from './facts.ts';

/** A fifth of the voice without words is more than a pause for breath wrongly taken for speech. */
const POOR_UNCOVERED_RATIO = 0.2;
/** Every fifth character or word wrong: a reader has to guess what was said. A choice until answers have been compared. */
const POOR_ERROR_RATE = 0.2;
/** From here on it is likelier than not that some of the text was never said. */
const POOR_INVENTED = 0.5;

/**
 * How far the text can be trusted to say what was said, shown or written. `poor`: much of it did not come through. `caution`: something was found,
 * or a loss noted. `unknown`: nothing was found, but what would find it did not look (errors anywhere, words left out of what was
 * heard, writing not read). `ok`: all of that was looked for. So a figure that is missing never makes a level better. What a text cannot
 * carry (loss 2) and what this model may not read (loss 3) is in the sentence, not in the level.
 */
export function levelOf(facts: Facts, { loss }: Pick<Ledger, 'loss'>): Ledger['verdict']['level'] {
  const { dropped, blank, voicedMs, unheardMs, errorRate, invented } = facts;
  if (dropped + blank > 0) return 'poor';
  if (voicedMs > 0 && unheardMs / voicedMs > POOR_UNCOVERED_RATIO) return 'poor';
  if ((errorRate ?? 0) >= POOR_ERROR_RATE || (invented ?? 0) >= POOR_INVENTED) return 'poor';
  const { misheard, misread, deleted, signals, unread, notSpoken, others } = facts;
  const found = misheard.count + misread.count + deleted + signals + unread + notSpoken + others.count + unheardMs;
  if (found > 0 || facts.undescribed) return 'caution';
  const looked = [
    ...(facts.isHeard || facts.isRead ? [errorRate] : []),
    ...(facts.isHeard ? [loss.accuracy.deletedChars.value] : []),
    ...(facts.isRead ? [loss.conversion.regionsUnread.value] : []),
  ];
  return looked.includes(null) ? 'unknown' : 'ok';
}
