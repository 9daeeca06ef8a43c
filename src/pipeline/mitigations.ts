import type { Mitigation } from '#contract/ledger.ts';
import type { Loss } from '#contract/loss.ts';
import type { Perception, Transcript } from '#contract/perception.ts';
import { transcriptIn, unmeasured, verbatimMitigation } from '#ledger/index.ts';
import type { Parts } from './parts.ts';

/** A mitigation of which only what matters is told; the rest is not known, or there is nothing to count. */
export function mitigationOf(
  known: Pick<Mitigation, 'id' | 'part' | 'applied' | 'note'> & Partial<Mitigation>,
): Mitigation {
  return {
    ...{ by: null, editsProposed: null, editsAccepted: null, refused: {}, charactersDeleted: null },
    ...{ particlesDeleted: null, addedTokens: null },
    errorRateBefore: unmeasured('It was not counted here.'),
    errorRateAfter: unmeasured('Nobody has compared what it is now with what was said or written.'),
    ...known,
  };
}

/** What hearing did itself to lose less: another script, a second reader, every word kept. */
export function mitigationsOfHearing(
  perceptions: readonly Perception[],
  losses: readonly Loss[],
  { verbatim, script }: Parts['senses']['hear'],
): Mitigation[] {
  return perceptions
    .flatMap(transcriptIn)
    .flatMap((transcript) => [
      ...(script === 'as-spoken' ? [] : [scriptOf(transcript, losses, script)]),
      ...secondOf(transcript),
      ...(verbatim ? [verbatimMitigation(transcript, losses)] : []),
    ]);
}

function scriptOf({ part, engine }: Transcript, losses: readonly Loss[], script: string): Mitigation {
  const loss = losses.find((one) => one.kind === 'script-converted' && one.part === part);
  const changed = loss?.extent ?? 0;
  return mitigationOf({
    ...{ id: 'script', part, applied: changed > 0, by: engine, editsProposed: changed, editsAccepted: changed },
    ...{ charactersDeleted: 0, particlesDeleted: 0 },
    note: loss?.message ?? `Every Chinese character was ${script} already.`,
  });
}

function secondOf({ part, segments }: Transcript): Mitigation[] {
  const again = segments.flatMap(({ second }) => second ?? []);
  const [first] = again;
  if (!first) return [];
  const differing = again.filter(({ agreement }) => agreement < 1).length;
  const note = `${again.length} of ${segments.length} stretches were heard again; in ${differing} the readers differ.`;
  return [mitigationOf({ id: 'second-reader', part, applied: true, by: first.engine, note })];
}
