import type { Following } from './function-words.ts';
import { sayFunctionWord } from './function-words.ts';
import type { Lexicon, LexiconEntry } from './lexicon.ts';
import { looksLikeInitials, SHORT_FORMS, SIGN_NAMES, spellLetters } from './spelling.ts';
import { type Emphasis, emphasise, emphasisOf } from './stress.ts';
import { addEd, addIng, addS } from './suffixes.ts';
import { PRIMARY } from './symbols.ts';
import { parentOf, type Tag } from './tag.ts';
import type { Variant } from './variant.ts';

/** How a word was said, and where that came from. */
type Said = { phonemes: string; source: 'lexicon' | 'derived' | 'spelled' };

/** Says a word from the lexicon, from its stem and suffix, or as initials; null when none of these knows it. */
export type KnownWords = (word: string, tag: Tag, following: Following) => Said | null;

/** Longer capitals are shouting, not initials. */
const LONGEST_INITIALS = 7;

/** The rules of the Misaki lexicon: which spelling to look up, which of several pronunciations, and suffixes. */
export function createKnownWords(lexicon: Lexicon, variant: Variant): KnownWords {
  const { gold, silver } = lexicon;

  function isKnown(word: string): boolean {
    if (gold(word) !== undefined || silver(word) !== undefined) return true;
    if (!/^[A-Za-z]+$/.test(word)) return false;
    return word.length === 1 || looksLikeInitials(word) || (isCapitals(word) && gold(word.toLowerCase()) !== undefined);
  }

  function lookUp(written: string, tag: Tag, emphasis: Emphasis, following: Following): Said | null {
    const shouted = isCapitals(written) && gold(written) === undefined;
    const word = shouted ? written.toLowerCase() : written;
    const isName = shouted && tag === 'NNP';
    const entry = gold(word) ?? (isName ? undefined : silver(word));
    const phonemes = entry === undefined ? null : choose(entry, tag, following);
    if (phonemes === null || (isName && !phonemes.includes(PRIMARY))) {
      const spelled = spellLetters(written, lexicon);
      if (spelled !== null) return { phonemes: spelled, source: 'spelled' };
    }
    return phonemes === null ? null : { phonemes: emphasise(phonemes, emphasis), source: 'lexicon' };
  }

  function fromStem(word: string, tag: Tag, emphasis: Emphasis, following: Following): Said | null {
    const s = stemOfS(word, isKnown);
    if (s !== null) return derive(lookUp(s, tag, emphasis, following), (stem) => addS(stem, variant));
    const ed = stemOfEd(word, isKnown);
    if (ed !== null) return derive(lookUp(ed, 'VBD', emphasis, following), (stem) => addEd(stem, variant));
    const ing = stemOfIng(word, isKnown);
    if (ing === null) return null;
    const stressed = emphasis === 'plain' ? 'capitalised' : emphasis;
    return derive(lookUp(ing, 'VB', stressed, following), (stem) => addIng(stem, variant));
  }

  return (written, tag, following) => {
    const functionWord = sayFunctionWord(written, tag, following, lexicon);
    if (functionWord !== null) return { phonemes: functionWord, source: 'lexicon' };
    const sign = SIGN_NAMES.get(written);
    if (sign !== undefined) return lookUp(sign, tag, 'plain', following);
    if (/^\p{L}{1,2}(\.\p{L}{1,2})+\.?$/u.test(written)) {
      const phonemes = spellLetters(written, lexicon);
      return phonemes === null ? null : { phonemes, source: 'spelled' };
    }
    const short = /^[A-Za-z]+\.$/.test(written) && gold(written) === undefined ? written.slice(0, -1) : null;
    if (short !== null) return lookUp(SHORT_FORMS.get(short) ?? short, tag, 'plain', following);
    const emphasis = emphasisOf(written);
    const word = tag === 'NNP' && written.length <= LONGEST_INITIALS ? written : lowerCaseIfOnlyKnownSo(written);
    if (isKnown(word)) return lookUp(word, tag, emphasis, following);
    const unmarked = word.endsWith("'") ? [`${word.slice(0, -2)}'s`, word.slice(0, -1)] : [];
    for (const candidate of unmarked) {
      if (isKnown(candidate)) return lookUp(candidate, tag, emphasis, following);
    }
    return fromStem(word, tag, emphasis, following);
  };

  function lowerCaseIfOnlyKnownSo(word: string): string {
    const lower = word.toLowerCase();
    const oneCapital = word.slice(1) === lower.slice(1);
    if (word.length < 2 || word === lower || !(oneCapital || isCapitals(word))) return word;
    if (gold(word) !== undefined || silver(word) !== undefined) return word;
    const known = gold(lower) !== undefined || silver(lower) !== undefined;
    return known || [stemOfS, stemOfEd, stemOfIng].some((stemOf) => stemOf(lower, isKnown) !== null) ? lower : word;
  }
}

function choose(entry: LexiconEntry, tag: Tag, following: Following): string | null {
  if (typeof entry === 'string') return entry;
  const keys = following.sound === 'pause' && 'None' in entry ? ['None'] : [tag, parentOf(tag), 'DEFAULT'];
  const key = keys.find((name) => name in entry);
  return key === undefined ? null : (entry[key] ?? null);
}

function derive(stem: Said | null, add: (phonemes: string) => string | null): Said | null {
  const phonemes = stem === null ? null : add(stem.phonemes);
  return phonemes === null ? null : { phonemes, source: stem?.source === 'spelled' ? 'spelled' : 'derived' };
}

function isCapitals(word: string): boolean {
  return word === word.toUpperCase();
}

type Known = (word: string) => boolean;

function stemOfS(word: string, isKnown: Known): string | null {
  if (word.length < 3 || !word.endsWith('s')) return null;
  const long = word.length > 4;
  return firstKnown(isKnown, [
    !word.endsWith('ss') && word.slice(0, -1),
    (word.endsWith("'s") || (long && /(?<!i)es$/.test(word))) && word.slice(0, -2),
    long && word.endsWith('ies') && `${word.slice(0, -3)}y`,
  ]);
}

function stemOfEd(word: string, isKnown: Known): string | null {
  if (word.length < 4 || !word.endsWith('d')) return null;
  return firstKnown(isKnown, [
    !word.endsWith('dd') && word.slice(0, -1),
    word.length > 4 && /(?<!e)ed$/.test(word) && word.slice(0, -2),
  ]);
}

function stemOfIng(word: string, isKnown: Known): string | null {
  if (word.length < 5 || !word.endsWith('ing')) return null;
  const long = word.length > 5;
  return firstKnown(isKnown, [
    long && word.slice(0, -3),
    `${word.slice(0, -3)}e`,
    long && /([bcdgklmnprstvxz])\1ing$|cking$/.test(word) && word.slice(0, -4),
  ]);
}

function firstKnown(isKnown: Known, stems: readonly (string | false)[]): string | null {
  return stems.find((stem): stem is string => stem !== false && isKnown(stem)) ?? null;
}
