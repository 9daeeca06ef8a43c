import { isDigit, isWide } from './marks.ts';

/**
 * How long a character is when spoken, counted in Latin letters: an ideograph is a syllable (about three letters), a digit
 * becomes a word (about four). 40 is roughly 30 phonemes: 7–8 English words or 13 Chinese characters.
 */
export function weightOf(character: string): number {
  if (isDigit(character)) return 4;
  return isWide(character) ? 3 : 1;
}
