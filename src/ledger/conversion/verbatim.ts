import type { Mitigation } from '#contract/ledger.ts';
import type { Loss } from '#contract/loss.ts';
import type { Transcript } from '#contract/perception.ts';
import { unmeasured } from '../unmeasured.ts';

/** What the ledger says of a hearing that was to keep every word. Whether it was asked for in the recogniser's prompt is told by what was noted. */
export function verbatimMitigation({ part, engine }: Transcript, losses: readonly Loss[]): Mitigation {
  const ignored = losses.find(
    (loss) => loss.part === part && loss.kind === 'option-ignored' && loss.text === 'verbatim',
  );
  const unknown = unmeasured('It was heard once, so nobody knows what would have been heard otherwise.');
  return {
    ...{ id: 'verbatim', part, applied: ignored === undefined, by: engine },
    note: ignored?.message ?? 'A short prompt asked for fillers, particles and repetitions to be kept.',
    ...{ editsProposed: null, editsAccepted: null, refused: {}, charactersDeleted: null, particlesDeleted: null },
    ...{ addedTokens: null, errorRateBefore: unknown, errorRateAfter: unknown },
  };
}
