import { doubleMetaphone } from 'double-metaphone';
import { editDistance } from '#kit/edits.ts';

/** Longer words are compared by their beginnings. */
const LONGEST = 64;

/** A word of letters as it is compared: without case, accents and what is no letter or digit. */
export function plainLetters(word: string): string {
  return word
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase()
    .slice(0, LONGEST);
}

/** How an English word sounds, roughly: its consonants as Double Metaphone writes them (Philips 2000), and the second way where there are two. */
export function soundKeys(word: string): readonly string[] {
  const [first, second] = doubleMetaphone(plainLetters(word));
  return first === second ? [first] : [first, second];
}

/**
 * Whether two words of letters may be taken for each other: the same letters apart from case and accents, the same consonants and no
 * more than half of the letters others (their/there, meat/meet), or so long that one letter in five is a slip of spelling.
 */
export function wordsAlike(one: string, other: string): 'same' | 'near' | 'other' {
  const [mine, theirs] = [plainLetters(one), plainLetters(other)];
  if (mine === theirs) return 'same';
  const letters = Math.max(mine.length, theirs.length);
  const share = editDistance(mine, theirs) / letters;
  if (share <= 0.2 && letters >= 5 && mine.charAt(0) === theirs.charAt(0)) return 'near';
  if (share > 0.5) return 'other';
  const keys = soundKeys(theirs);
  return soundKeys(mine).some((key) => key !== '' && keys.includes(key)) ? 'near' : 'other';
}
