import { editDistance } from '#kit/edits.ts';
import { plainLetters, soundKeys } from '#words/index.ts';
import type { Token } from '../gate/index.ts';
import type { HeardTerm } from './terms.ts';

/** How unlikely it is that one consonant of a sound key is met by chance, in bits: there are 16 codes, some frequent. */
const BITS = 3.5;
const CERTAIN = 10;
/** A term of one word may have been heard as so many: “cube cuttle” for kubectl. */
const MOST_WORDS = 4;
/** Terms of the very same sound that are weighed against each other, the first ones. */
const MOST_ALIKE = 50;
/** At most this share of the letters may differ. */
const OTHERS = 0.4;

/** A term of letters that may have been said where tokens `from` to `to` (exclusive) stand, and how many bits more than enough speak for it. */
export interface LatinCandidate {
  readonly term: HeardTerm;
  readonly from: number;
  readonly to: number;
  readonly surplus: number;
}

/** Finds terms in Latin letters by the consonants of their sound, across word boundaries. */
export function latinIndex(terms: readonly HeardTerm[], all: number): (tokens: readonly Token[]) => LatinCandidate[] {
  const byKey = new Map<string, { term: HeardTerm; letters: string }[]>();
  for (const term of terms) {
    const letters = joined(term.units);
    for (const key of soundKeys(letters)) {
      const alike = byKey.get(key);
      if (!alike) byKey.set(key, [{ term, letters }]);
      else if (alike.length < MOST_ALIKE) alike.push({ term, letters });
    }
  }
  if (byKey.size === 0) return () => [];
  return (tokens) => {
    const found: LatinCandidate[] = [];
    for (let from = 0; from < tokens.length; from += 1)
      for (
        let to = from + 1;
        to <= Math.min(tokens.length, from + MOST_WORDS) && tokens[to - 1]?.kind === 'word';
        to += 1
      ) {
        const letters = joined(tokens.slice(from, to));
        for (const key of soundKeys(letters))
          for (const { term, letters: wanted } of byKey.get(key) ?? []) {
            const surplus = surplusOf(letters, wanted, key, all);
            if (surplus >= 0) found.push({ term, from, to, surplus });
          }
      }
    return found;
  };
}

function joined(tokens: readonly Token[]): string {
  return plainLetters(tokens.map(({ text }) => text).join(''));
}

function surplusOf(letters: string, wanted: string, key: string, terms: number): number {
  // The same letters in another case, or with other spaces: how the user writes it.
  if (letters === wanted) return letters.length >= 3 ? BITS * letters.length : -1;
  const share = editDistance(letters, wanted) / Math.max(letters.length, wanted.length);
  return share > OTHERS ? -1 : BITS * key.length - Math.log2(terms) - CERTAIN;
}
