import { PAUSES } from './symbols.ts';
import { ADVERBS, ARTICLES, NUMBERS, POSSESSIVES, QUANTIFIERS } from './word-classes.ts';

/** The words around one word inside its clause, lower case; null where a pause or the text's end comes first. */
export type Neighbours = {
  previous: string | null;
  previousButOne: string | null;
  /** The nearest word before that is not an adverb such as "never". */
  governor: string | null;
  governorBefore: string | null;
  next: string | null;
  afterNext: string | null;
  /** An article, possessive, quantifier or number stands directly before. */
  determined: boolean;
  /** The clause's first words up to here, at most six, for questions such as "did the boy …". */
  opening: readonly string[];
};

/** Looks around `sequence[index]`; items that are pause marks end the clause. */
export function neighboursOf(sequence: readonly string[], index: number): Neighbours {
  const before = clause(sequence.slice(Math.max(0, index - 12), index).reverse());
  const after = clause(sequence.slice(index + 1, index + 3));
  const governing = before.filter((word) => !ADVERBS.has(word) && !/..ly$/.test(word));
  const previous = before[0] ?? null;
  return {
    previous,
    previousButOne: before[1] ?? null,
    governor: governing[0] ?? null,
    governorBefore: governing[1] ?? null,
    next: after[0] ?? null,
    afterNext: after[1] ?? null,
    determined: isDeterminer(previous ?? '') || (previous === 'only' && isDeterminer(governing[0] ?? '')),
    opening: before.slice().reverse().slice(0, 6),
  };
}

/** Words that open a noun phrase. */
export function isDeterminer(word: string): boolean {
  return (
    ARTICLES.has(word) || POSSESSIVES.has(word) || QUANTIFIERS.has(word) || NUMBERS.has(word) || /['’]s$/.test(word)
  );
}

function clause(words: readonly string[]): string[] {
  const end = words.findIndex((word) => PAUSES.has(word));
  return (end < 0 ? words : words.slice(0, end)).map((word) => word.toLowerCase().replaceAll('’', "'"));
}
