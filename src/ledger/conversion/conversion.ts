import type { Ledger } from '#contract/ledger.ts';
import type { LedgerInput } from '../ledger.ts';
import { transcriptIn } from '../transcripts.ts';
import { normalisationsOf } from './normalisations.ts';
import { spokenLoss } from './spoken.ts';
import { voiceLoss } from './voice.ts';
import { writtenLoss } from './written.ts';

/** Loss 2: what turning a medium into text left out although nothing was wrong. */
export function conversionLoss({
  perceptions,
  losses,
}: Pick<LedgerInput, 'perceptions' | 'losses'>): Ledger['loss']['conversion'] {
  const transcripts = perceptions.flatMap(transcriptIn);
  return {
    ...spokenLoss(transcripts),
    ...voiceLoss(transcripts),
    normalisations: normalisationsOf(losses),
    ...writtenLoss(perceptions, losses),
  };
}
