import type { Ledger } from '#contract/ledger.ts';
import type { LedgerInput } from '../ledger.ts';
import { transcriptIn } from '../transcripts.ts';
import { unmeasured } from '../unmeasured.ts';

/** Loss 2: what turning a medium into text left out although nothing was wrong. */
export function conversionLoss({ perceptions }: LedgerInput): Ledger['loss']['conversion'] {
  const transcripts = perceptions.flatMap(transcriptIn);
  const told = transcripts.some(({ enriched }) => enriched && enriched.withheld === null);
  const noReader = unmeasured('No verbatim reader.');
  return {
    particlesSeen: noReader,
    particleSlotsUnfilled: noReader,
    fillersSeen: noReader,
    repetitionsRemoved: noReader,
    prosody: unmeasured(
      told ? 'Told in marks; nobody measured what they leave out.' : 'How it was said was not measured.',
    ),
    questionIntonation: unmeasured('How it was said was not measured.'),
    emotion: unmeasured(
      told ? 'Told where the recogniser names it; nobody measured what it misses.' : 'No emotion tagger.',
    ),
    cueSurprise: unmeasured('No emotion tagger.'),
    normalisations: [],
    regionsUnread: unmeasured('Nobody has counted them; see losses.'),
    smallPrint: unmeasured('Nobody has counted it; see losses.'),
    layout: unmeasured('Nobody has compared the layout with what was read; see losses.'),
    timeUnseen: unmeasured('Nobody has counted it; see losses.'),
  };
}
