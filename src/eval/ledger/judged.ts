import { type LabelledItem, rowsOf, type Signal, type Signalled, signalsOf, wrongUnits } from '#ledger/index.ts';
import type { Dictionary } from '#words/index.ts';
import type { Utterance } from './recorded.ts';

/** An utterance measured by every signal, and which of its units are wrong. */
export interface Judged {
  readonly signalled: Signalled;
  readonly wrong: readonly boolean[];
  readonly speaker: string;
}

/** Measures an utterance with another decoder and, where there is one, a corrector beside it. */
export function judgedOf(
  one: Utterance,
  second: string,
  corrector: string | undefined,
  dictionary: Dictionary,
): Judged {
  const proofRead = corrector === undefined ? null : (one.corrected[corrector] ?? null);
  const heard = { text: one.heard, second: one.readers[second] ?? null, proofRead, words: [] };
  const signalled = signalsOf(heard, dictionary);
  return { signalled, wrong: wrongUnits(signalled.units, one.reference), speaker: one.speaker };
}

/** Its Chinese characters as items; what is no Chinese is not judged here. */
export function itemsOf({ signalled, wrong, speaker }: Judged, signals: readonly Signal[]): LabelledItem[] {
  const rows = rowsOf(signalled, signals) ?? [];
  return rows.flatMap((row, at) =>
    signalled.units[at]?.kind === 'han' ? { row, wrong: wrong[at] ?? false, group: speaker } : [],
  );
}
