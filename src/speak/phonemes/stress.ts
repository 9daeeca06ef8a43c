import { PRIMARY, SECONDARY, VOWELS } from './symbols.ts';

/** How strongly the spelling asks for stress: `Word` a little, `WORD` fully, `word` not at all. */
export type Emphasis = 'plain' | 'capitalised' | 'all-capitals';

/** The emphasis a written form carries. */
export function emphasisOf(word: string): Emphasis {
  if (word === word.toLowerCase()) return 'plain';
  return word === word.toUpperCase() ? 'all-capitals' : 'capitalised';
}

/** Raises the stress of phonemes to what the spelling asks for; stress that is already there is never lowered. */
export function emphasise(phonemes: string, emphasis: Emphasis): string {
  if (emphasis === 'plain' || phonemes.includes(PRIMARY)) return phonemes;
  if (phonemes.includes(SECONDARY)) {
    return emphasis === 'all-capitals' ? phonemes.replaceAll(SECONDARY, PRIMARY) : phonemes;
  }
  return markFirstVowel(phonemes, emphasis === 'all-capitals' ? PRIMARY : SECONDARY);
}

/** Lowers the main stress to secondary and drops what was secondary; phonemes without a main stress stay as they are. */
export function demote(phonemes: string): string {
  if (!phonemes.includes(PRIMARY)) return phonemes;
  return phonemes.replaceAll(SECONDARY, '').replaceAll(PRIMARY, SECONDARY);
}

/** Leaves one main stress in a row of letter names: on the last. */
export function stressLastLetter(letterNames: readonly string[]): string {
  const joined = demote(letterNames.join(''));
  const last = joined.lastIndexOf(SECONDARY);
  return last < 0 ? joined : joined.slice(0, last) + PRIMARY + joined.slice(last + 1);
}

function markFirstVowel(phonemes: string, mark: string): string {
  const at = Array.from(phonemes).findIndex((symbol) => VOWELS.has(symbol));
  return at < 0 ? phonemes : phonemes.slice(0, at) + mark + phonemes.slice(at);
}
