import { guessHomograph } from './homographs.ts';
import { type Neighbours, neighboursOf } from './neighbours.ts';
import type { Tag } from './tag.ts';
import {
  ARTICLES,
  BES,
  GETS,
  HAVES,
  NUMBERS,
  OBJECTS,
  PREPOSITIONS,
  SAYING,
  SUBJECTS,
  WH_ADVERBS,
} from './word-classes.ts';

/**
 * Guesses the tag of `sequence[index]` from its neighbours. `sequence` holds a sentence's words as written, with each
 * pause mark as an item of its own. Only differences the lexicon can say are worth guessing.
 */
export function guessTag(sequence: readonly string[], index: number): Tag {
  const written = sequence[index] ?? '';
  const around = neighboursOf(sequence, index);
  if (/^[A-Z]{2,}$/.test(written)) return shoutedTag(sequence, index, around);
  switch (written.toLowerCase()) {
    case 'a':
      return isLetterA(sequence, index, around) ? 'NN' : 'DT';
    case 'an':
      return 'DT';
    case 'i':
      return 'PRP';
    case 'in':
    case 'to':
      return 'IN';
    case 'am':
      return isNumber(around.previous) ? 'NN' : 'VBP';
    case 'that':
      return thatTag(around, written !== 'that');
    case 'used':
      return usedTag(around);
    default:
      return guessHomograph(written.toLowerCase(), around);
  }
}

/** Words on either side that are looked at to see whether a sentence is all in capitals. */
const WINDOW = 20;

/** Everyday words that keep no main stress, which initials would need: in capitals they are only stressed. */
const SMALL_WORD =
  /^(is|it|he|she|me|my|we|be|am|as|at|an|or|to|in|on|of|if|no|so|do|go|up|out|the|and|but|not|who|you|all|was|are|by|can|will|with|from|for|this|that|have|has|had|his|her|they|them|were|been|there|would|could|should|than|into)$/i;

/** Capitals are initials, unless the whole text is in capitals or a small word is merely stressed ("this IS good"). */
function shoutedTag(sequence: readonly string[], index: number, around: Neighbours): Tag {
  const word = sequence[index] ?? '';
  if (isAllCapitals(sequence, index)) {
    return SMALL_WORD.test(word) ? 'X' : guessHomograph(word.toLowerCase(), around);
  }
  if (!SMALL_WORD.test(word)) return 'NNP';
  return around.determined || isNumber(around.previous) ? 'NNP' : 'X';
}

/** The sentence around `index` has more than one word, and no small letter in any. */
function isAllCapitals(sequence: readonly string[], index: number): boolean {
  const before = sequence.slice(Math.max(0, index - WINDOW), index).reverse();
  const after = sequence.slice(index, index + WINDOW);
  const words = [before, after].flatMap(untilSentenceEnd).filter((item) => /\p{L}/u.test(item));
  return words.length > 1 && words.every((word) => word === word.toUpperCase());
}

function untilSentenceEnd(items: readonly string[]): readonly string[] {
  const end = items.findIndex((item) => /^[.!?…]/.test(item));
  return end < 0 ? items : items.slice(0, end);
}

/** "A" as a name ("plan A", "vitamin A.") and not as the article. */
function isLetterA(sequence: readonly string[], index: number, { previous, next }: Neighbours): boolean {
  return next === null || (sequence[index] === 'A' && previous !== null && !isAllCapitals(sequence, index));
}

function isNumber(word: string | null): boolean {
  return word !== null && (NUMBERS.has(word) || /^\d+$/.test(word));
}

/** Stressed "that" points at something ("that man"); unstressed "that" joins clauses ("he said that …"). */
function thatTag({ previous, next }: Neighbours, capitalised: boolean): Tag {
  if (next === null || next === 'of') return 'DT';
  if (previous === null)
    return BES.has(next) || (capitalised && !SUBJECTS.has(next) && !ARTICLES.has(next)) ? 'DT' : 'IN';
  if (BES.has(next)) return SAYING.has(previous) || PREPOSITIONS.has(previous) ? 'DT' : 'IN';
  if (WH_ADVERBS.has(previous) || previous === 'just') return 'DT';
  return PREPOSITIONS.has(previous) && !SUBJECTS.has(next) ? 'DT' : 'IN';
}

function usedTag({ previous, previousButOne, afterNext }: Neighbours): Tag {
  if (previous === null) return 'VBD';
  if (GETS.has(previous)) return 'JJ';
  if (HAVES.has(previous)) return 'VBN';
  const passive = BES.has(previous) || (previousButOne !== null && BES.has(previousButOne));
  if (!passive) return 'VBD';
  const accustomedTo =
    afterNext !== null && (/ing$/.test(afterNext) || ARTICLES.has(afterNext) || OBJECTS.has(afterNext));
  return accustomedTo ? 'JJ' : 'VBN';
}
