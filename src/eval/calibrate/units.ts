import { type Heard, type ProfileUnit, type Signal, signalsOf } from '#ledger/index.ts';
import type { Dictionary } from '#words/index.ts';
import type { HeardItem } from './items.ts';
import { placed, wrongByContent } from './label.ts';

/** What was heard of one item, in stretches that were heard as one, and what was really said. */
export interface Utterance {
  readonly stretches: readonly Heard[];
  readonly reference: string;
  readonly language: string | null;
  /** Who speaks; units of one group are never fitted and judged at once. */
  readonly group: string;
}

/** A unit with what every signal says of it, and whether it was wrong. */
export interface JudgedUnit {
  readonly kind: ProfileUnit;
  readonly wrong: boolean;
  readonly group: string;
  /** Its row of each signal that is there. */
  readonly rows: ReadonlyMap<Signal, readonly number[]>;
}

/** An item that was heard elsewhere, as one stretch. */
export function utteranceOf(
  { hypothesis, reference, second, words, speaker, lang }: HeardItem,
  group: string,
): Utterance {
  const heard = placed(hypothesis, words ?? []).map(({ start, end, confidence }) => ({
    ...{ start, end, confidence: confidence ?? null, logprobs: [] },
  }));
  const stretch = { text: hypothesis, second: second ?? null, proofRead: null, words: heard };
  return { stretches: [stretch], reference, language: lang ?? null, group: speaker ?? group };
}

/** Measures an utterance by every signal that is there, and says of each unit whether it was wrong. */
export async function judgedUnits(utterance: Utterance, dictionary: Dictionary | null): Promise<JudgedUnit[]> {
  const { stretches, reference, language, group } = utterance;
  // As the ledger does: the other Chinese languages have sounds of their own.
  const isMandarin = language === null || /^(zh|cmn)(-(?!yue|wuu|nan)|$)/i.test(language);
  const signalled = stretches.map((stretch) => signalsOf(stretch, isMandarin ? dictionary : null));
  const wrong = await wrongByContent(
    signalled.flatMap(({ units }) => units.map(({ text }) => text)),
    reference,
    language,
  );
  const units = signalled.flatMap((one) =>
    one.units.map(({ kind }, at) => ({
      kind,
      rows: new Map([...one.rows].map(([signal, rows]): [Signal, readonly number[]] => [signal, rows[at] ?? []])),
    })),
  );
  return units.map((unit, at) => ({ ...unit, wrong: wrong[at] ?? false, group }));
}

/** The row of several signals side by side; `null` where one of them is not there. */
export function rowOf(rows: JudgedUnit['rows'], signals: readonly Signal[]): readonly number[] | null {
  const parts = signals.flatMap((signal) => rows.get(signal) ?? []);
  return signals.every((signal) => rows.has(signal)) ? parts : null;
}
