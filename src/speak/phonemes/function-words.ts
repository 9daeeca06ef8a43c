import type { Lexicon, LexiconEntry } from './lexicon.ts';
import { spellLetters } from './spelling.ts';
import type { Tag } from './tag.ts';

/** What follows a word: the first sound of the next word, or a pause (a mark or the end of the text). */
export type Following = { sound: 'vowel' | 'consonant' | 'pause'; to: boolean };

/**
 * Says the small words whose sound depends on what follows or on their part of speech, or null for any other word.
 * "a" before "an" and "to" counts as transparent, as in the data Kokoro learned from: "to a man" follows "man".
 */
export function sayFunctionWord(word: string, tag: Tag, following: Following, lexicon: Lexicon): string | null {
  const lower = word.toLowerCase();
  const capitals = word.length > 1 && word === word.toUpperCase();
  if (capitals && tag === 'NNP') return null;
  switch (lower) {
    case 'a':
      return tag === 'DT' ? 'ɐ' : plain(lexicon.gold('A'));
    case 'an':
      return 'ɐn';
    case 'am':
      if (tag === 'NN') return spellLetters(word, lexicon);
      return following.sound === 'pause' || word !== 'am' ? plain(lexicon.gold('am')) : 'ɐm';
    case 'i':
      return word === 'I' && tag === 'PRP' ? 'ˌI' : null;
    case 'to':
      if (following.sound === 'pause') return plain(lexicon.gold('to'));
      return following.sound === 'vowel' ? 'tʊ' : 'tə';
    case 'in':
      return following.sound === 'pause' || tag !== 'IN' ? 'ˈɪn' : 'ɪn';
    case 'the':
      return following.sound === 'vowel' ? 'ði' : 'ðə';
    case 'by':
      return tag === 'RB' ? 'bˈI' : null;
    case 'used':
      return sayUsed(lexicon.gold('used'), following.to && (tag === 'VBD' || tag === 'JJ'));
    default:
      return null;
  }
}

function sayUsed(entry: LexiconEntry | undefined, accustomed: boolean): string | null {
  if (typeof entry !== 'object') return null;
  return (accustomed ? entry.VBD : entry.DEFAULT) ?? null;
}

function plain(entry: LexiconEntry | undefined): string | null {
  return typeof entry === 'string' ? entry : null;
}
