import type { Lexicon } from './lexicon.ts';
import { stressLastLetter } from './stress.ts';

/** Words for signs that text preparation may have left behind. */
export const SIGN_NAMES: ReadonlyMap<string, string> = new Map([
  ['%', 'percent'],
  ['&', 'and'],
  ['+', 'plus'],
  ['@', 'at'],
  ['=', 'equals'],
  ['°', 'degrees'],
  ['€', 'euro'],
  ['$', 'dollar'],
  ['£', 'pound'],
]);

/** What a shortened word is read as when the lexicon has not its short form. */
export const SHORT_FORMS: ReadonlyMap<string, string> = new Map([
  ['Jr', 'junior'],
  ['Sr', 'senior'],
  ['St', 'saint'],
  ['Prof', 'professor'],
  ['vs', 'versus'],
]);

const DIGIT_NAMES = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** The names of the letters, run together with one main stress, or null when the lexicon lacks one of them. */
export function spellLetters(word: string, lexicon: Lexicon): string | null {
  const names: string[] = [];
  for (const letter of word.replace(/[^\p{L}]/gu, '').toUpperCase()) {
    const name = lexicon.gold(letter);
    if (typeof name !== 'string') return null;
    names.push(name);
  }
  return names.length > 0 ? stressLastLetter(names) : null;
}

/** The names of the digits with spaces between them, or null when the lexicon lacks one of them. */
export function spellDigits(digits: string, lexicon: Lexicon): string | null {
  const names = Array.from(digits, (digit) => lexicon.gold(DIGIT_NAMES[Number(digit)] ?? ''));
  return names.length > 0 && names.every((name) => typeof name === 'string') ? names.join(' ') : null;
}

/** Whether unknown letters look like initials (GPT, HTML, npm) rather than a shouted or rare word. */
export function looksLikeInitials(word: string): boolean {
  if (!/^[A-Za-z]{2,}$/.test(word) || /([a-z])\1\1/.test(word)) return false;
  const capitals = word === word.toUpperCase();
  return (capitals && word.length <= 4) || ((capitals || word === word.toLowerCase()) && !/[aeiouy]/i.test(word));
}
