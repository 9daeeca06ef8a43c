import type { Dictionary } from '#words/index.ts';
import { CONFIDENCE_FEATURES, confidenceRows, type HeardWord } from './confidence-rows.ts';
import { DICTIONARY_FEATURES, dictionaryRows } from './dictionary-rows.ts';
import { READER_FEATURES, readerRows, readInstead } from './readers.ts';
import { type Unit, unitsOf } from './units.ts';

/** Where doubt can come from: another recogniser, word frequencies, a language model that proof-read, the recogniser itself. */
export const SIGNALS = ['second-reader', 'dictionary', 'proof-read', 'confidence'] as const;
export type Signal = (typeof SIGNALS)[number];

/** The columns of each signal, in order. A profile says which it was fitted on, so that it is never read with others. */
export const FEATURES: Readonly<Record<Signal, readonly string[]>> = {
  'second-reader': READER_FEATURES,
  dictionary: DICTIONARY_FEATURES,
  'proof-read': READER_FEATURES,
  confidence: CONFIDENCE_FEATURES,
};

/** A stretch that was heard as one, such as a segment. What was not measured is `null` or empty. */
export interface Heard {
  readonly text: string;
  readonly second: string | null;
  readonly proofRead: string | null;
  readonly words: readonly HeardWord[];
}

/** The units of a stretch, and what each signal that is there says of each: rows of numbers in the order of its `FEATURES`. */
export interface Signalled {
  readonly units: readonly Unit[];
  readonly rows: ReadonlyMap<Signal, readonly (readonly number[])[]>;
  /** What the second reader has in each unit's place; `null` where there is none. */
  readonly instead: readonly string[] | null;
}

/** Measures a stretch by every signal that is there. A signal that is missing has no rows: it never counts as agreement. */
export function signalsOf(heard: Heard, dictionary: Dictionary | null): Signalled {
  const units = unitsOf(heard.text);
  const rows = new Map<Signal, readonly (readonly number[])[]>();
  const insteadOf = (other: string | null) => (other === null ? null : readInstead(units, unitsOf(other)));
  const second = insteadOf(heard.second);
  const proofRead = insteadOf(heard.proofRead);
  if (second) rows.set('second-reader', readerRows(units, second));
  if (proofRead) rows.set('proof-read', readerRows(units, proofRead));
  if (dictionary && units.some(({ kind }) => kind === 'han'))
    rows.set('dictionary', dictionaryRows(heard.text, units, dictionary));
  const confidence = heard.words.length > 0 ? confidenceRows(units, heard.words) : null;
  if (confidence) rows.set('confidence', confidence);
  return { units, rows, instead: second };
}

/** One row of numbers for each unit, of these signals side by side; `null` where one of them is not there. */
export function rowsOf(
  { units, rows }: Pick<Signalled, 'units' | 'rows'>,
  signals: readonly Signal[],
): number[][] | null {
  const parts = signals.map((signal) => rows.get(signal));
  if (parts.some((part) => part === undefined)) return null;
  return units.map((_, at) => parts.flatMap((part) => part?.[at] ?? []));
}

/** The names of those columns. */
export function featuresOf(signals: readonly Signal[]): string[] {
  return signals.flatMap((signal) => FEATURES[signal].map((name) => `${signal}.${name}`));
}
