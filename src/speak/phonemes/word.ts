import { NAME_PREFIXES } from './affixes.ts';
import { settleStress } from './compound-stress.ts';
import type { Following } from './function-words.ts';
import type { KnownWords } from './known-words.ts';
import type { Lexicon } from './lexicon.ts';
import { arpabetToKokoro } from './neural/arpabet.ts';
import type { LettersToArpabet } from './neural/model.ts';
import { piecesOf, plainSpelling, withoutAccents } from './pieces.ts';
import { looksLikeInitials, spellDigits, spellLetters } from './spelling.ts';
import { addS } from './suffixes.ts';
import { CONSONANTS, PAUSES, VOWELS } from './symbols.ts';
import type { Tag } from './tag.ts';
import type { Variant } from './variant.ts';
import { createPartSayer } from './word-parts.ts';

/** Where a word's phonemes come from, from surest to "nothing can say it". */
export type Source = 'lexicon' | 'derived' | 'neural' | 'spelled' | 'none';

/** One word said. */
export type SaidWord = { phonemes: string; source: Source };

const SUREST_FIRST: readonly Source[] = ['lexicon', 'derived', 'spelled', 'neural', 'none'];

export type WordSayer = (written: string, tag: Tag, following: Following) => SaidWord;

/** Says any written word: whole if it is known, else in the fewest known parts, else by the model, else not at all. */
export function createWordSayer(
  lexicon: Lexicon,
  known: KnownWords,
  readLetters: LettersToArpabet,
  variant: Variant,
): WordSayer {
  const guesses = new Map<string, string>();
  const fromParts = createPartSayer(lexicon, sayRest, variant);

  function guess(letters: string): string {
    const made = guesses.get(letters) ?? arpabetToKokoro(readLetters(letters), variant);
    if (guesses.size >= 2000) guesses.clear();
    guesses.set(letters, made);
    return made;
  }

  function sayRest(part: string): string | null {
    if (lexicon.common(part) === undefined && lexicon.gold(part) !== undefined) return null;
    const said = known(part, 'NN', { sound: 'consonant', to: false });
    return said === null || said.source === 'spelled' ? null : said.phonemes;
  }

  /** One piece that the lexicon does not know. */
  function sayUnknown(piece: string, tag: Tag, following: Following): SaidWord {
    if (/^\p{Nd}+$/u.test(piece)) {
      const phonemes = spellDigits(piece, lexicon);
      return phonemes === null ? NOTHING : { phonemes, source: 'spelled' };
    }
    if (piece === '.') return known('dot', tag, following) ?? NOTHING;
    if (!/\p{L}/u.test(piece)) return SILENCE;
    const letters = withoutAccents(piece);
    const respelled = letters === piece ? null : known(letters, tag, following);
    if (respelled !== null) return { ...respelled, source: 'derived' };
    const stem = letters.toLowerCase().replace(/'s?$|'/g, '');
    if (!/^[a-z]+$/.test(stem) || stem.length > LONGEST_WORD) return NOTHING;
    if (stem.length === 1 || looksLikeInitials(letters)) {
      const phonemes = spellLetters(stem, lexicon);
      return phonemes === null ? NOTHING : { phonemes, source: 'spelled' };
    }
    const parts = fromParts(stem);
    const phonemes = parts ?? guess(stem);
    return {
      phonemes: /'s$/.test(letters) ? addS(phonemes, variant) : phonemes,
      source: parts === null ? 'neural' : 'derived',
    };
  }

  /** Inside a word an "a" is the article ("now-a-days"), and O', D' and Mc are weak beginnings of names. */
  function sayPart(part: string, tag: Tag, following: Following, isFirst: boolean): SaidWord | null {
    const prefix = NAME_PREFIXES.get(part)?.[variant];
    if (prefix !== undefined) return { phonemes: prefix, source: 'derived' };
    return known(part, part === 'a' && !isFirst ? 'DT' : tag, following);
  }

  return (written, tag, following) => {
    const word = plainSpelling(written);
    const whole = known(word, tag, following);
    if (whole !== null) return finish(whole, variant);
    const parts = sayParts(piecesOf(word), tag, following);
    const sources = parts
      .filter(({ phonemes, source }) => phonemes !== '' || source === 'none')
      .map(({ source }) => source);
    const source = SUREST_FIRST.findLast((name) => sources.includes(name)) ?? 'none';
    return finish({ phonemes: joinParts(word, parts), source }, variant);
  };

  /** From the end, the longest known run of pieces each time; a piece that is in none is said by itself. */
  function sayParts(pieces: readonly string[], tag: Tag, following: Following): Part[] {
    const parts: Part[] = [];
    let after = following;
    for (let end = pieces.length; end > 0; ) {
      const part = lastPart(pieces.slice(Math.max(0, end - MOST_PARTS), end), end <= MOST_PARTS, tag, after);
      parts.unshift(part);
      after = followingOf(part.phonemes, part.text, after);
      end -= part.pieces;
    }
    return parts;
  }

  function lastPart(pieces: readonly string[], fromStart: boolean, tag: Tag, following: Following): Part {
    for (let start = 0; start < pieces.length; start++) {
      const text = pieces.slice(start).join('');
      const said = sayPart(text, tag, following, fromStart && start === 0);
      if (said !== null) return { ...said, text, pieces: pieces.length - start };
    }
    const text = pieces.at(-1) ?? '';
    return { ...sayUnknown(text, tag, following), text, pieces: 1 };
  }
}

/** A said part of a written word, and how many of its pieces it covers. */
type Part = SaidWord & { text: string; pieces: number };

/** More letters than any English word: a key or a typing accident, which neither rules nor model can say. */
const LONGEST_WORD = 60;
/** The most parts of a word that are looked up together ("jack-in-the-box" has seven with its hyphens). */
const MOST_PARTS = 12;

const NOTHING: SaidWord = { phonemes: '', source: 'none' };
/** A hyphen or slash inside a word: heard as nothing, and nothing is lost. */
const SILENCE: SaidWord = { phonemes: '', source: 'lexicon' };

/** What the word before will see ahead of it. A word without vowel or consonant is looked through. */
export function followingOf(phonemes: string, text: string, after: Following): Following {
  const to = text.toLowerCase() === 'to';
  for (const symbol of phonemes) {
    if (PAUSES.has(symbol)) return { sound: 'pause', to };
    if (VOWELS.has(symbol)) return { sound: 'vowel', to };
    if (CONSONANTS.has(symbol)) return { sound: 'consonant', to };
  }
  return { sound: after.sound, to };
}

/** Hyphens and capitals join the sounds into one stressed whole; digits, slashes, dots and signs part them with a space. */
function joinParts(word: string, parts: readonly Part[]): string {
  const oneWord = /\p{L}/u.test(word) && !/[^\p{L}\p{M}'\-_,]/u.test(word);
  const sounds = parts.map(({ phonemes }) => phonemes);
  const settled = oneWord
    ? settleStress(
        parts.map(({ text }) => text),
        sounds,
      )
    : sounds;
  return settled.filter((sound) => sound !== '').join(oneWord ? '' : ' ');
}

/** Kokoro writes the American flap as T and the glottal stop as t. */
function finish(said: SaidWord, variant: Variant): SaidWord {
  if (variant === 'gb') return said;
  return { ...said, phonemes: said.phonemes.replaceAll('ɾ', 'T').replaceAll('ʔ', 't') };
}
