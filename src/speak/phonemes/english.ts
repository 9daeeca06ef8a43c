import type { Following } from './function-words.ts';
import { guessTag } from './guess-tag.ts';
import { createKnownWords } from './known-words.ts';
import { type Lexicon, loadLexicon } from './lexicon.ts';
import { type LettersToArpabet, loadLettersToArpabet } from './neural/model.ts';
import { PAUSES } from './symbols.ts';
import { kokoroMark, type Token, tokenize } from './tokens.ts';
import type { Variant } from './variant.ts';
import { createWordSayer, followingOf, type SaidWord, type Source, type WordSayer } from './word.ts';

/** A word of the text, its phonemes and where they come from; `none` when all or part of it cannot be said. */
type PhonemizedWord = { text: string; phonemes: string; source: Source };

/** Text as Kokoro's phoneme symbols, and how each word got its own. */
type Phonemized = { phonemes: string; words: PhonemizedWord[] };

export type EnglishPhonemizer = { phonemize(text: string): Phonemized };

type EnglishPhonemizerOptions = {
  /** Folder with `us_gold.json`, `us_silver.json`, `gb_gold.json` and `gb_silver.json` of Misaki. */
  lexiconDir: string;
  /** Folder with `checkpoint20.npz` of g2p_en. */
  g2pDir: string;
  variant: Variant;
};

/** Loads the pronunciation data of one variant; throws `speak.pronunciation-data-broken` when a file cannot be read. */
export async function createEnglishPhonemizer(options: EnglishPhonemizerOptions): Promise<EnglishPhonemizer> {
  const { lexiconDir, g2pDir, variant } = options;
  const [lexicon, readLetters] = await Promise.all([loadLexicon(lexiconDir, variant), loadLettersToArpabet(g2pDir)]);
  return phonemizerOf(lexicon, readLetters, variant);
}

/** Makes the phonemizer from data already in memory. */
export function phonemizerOf(lexicon: Lexicon, readLetters: LettersToArpabet, variant: Variant): EnglishPhonemizer {
  const say = createWordSayer(lexicon, createKnownWords(lexicon, variant), readLetters, variant);
  return {
    phonemize(text) {
      const tokens = tokenize(text);
      const said = sayAll(tokens, say);
      const words = tokens.flatMap(({ kind, text: word }, index) =>
        kind === 'word' || kind === 'sign' ? [{ text: word, ...(said[index] ?? UNSAID) }] : [],
      );
      return { phonemes: assemble(tokens, said), words };
    },
  };
}

const UNSAID: SaidWord = { phonemes: '', source: 'none' };

/** Says the tokens from the last to the first, for a word's sound may hang on the next one's. */
function sayAll(tokens: readonly Token[], say: WordSayer): (SaidWord | undefined)[] {
  const clauseItems = tokens.filter(
    ({ kind, text }) => kind === 'word' || (kind === 'mark' && PAUSES.has(kokoroMark(text, false))),
  );
  const sequence = clauseItems.map(({ text, kind }) => (kind === 'word' ? text : kokoroMark(text, false)));
  const said: (SaidWord | undefined)[] = tokens.map(() => undefined);
  let following: Following = { sound: 'pause', to: false };
  let place = sequence.length;
  for (const [index, token] of [...tokens.entries()].reverse()) {
    if (clauseItems[place - 1] === token) place -= 1;
    if (token.kind === 'silent') continue;
    const word =
      token.kind === 'mark'
        ? { phonemes: kokoroMark(token.text, token.spaced || index === 0), source: 'lexicon' as const }
        : say(token.text, token.kind === 'word' ? guessTag(sequence, place) : 'X', following);
    said[index] = word;
    following = followingOf(word.phonemes, token.text, following);
  }
  return said;
}

/** Puts the sounds in a row: marks stick to the word they follow as in the text, words are always parted. */
function assemble(tokens: readonly Token[], said: readonly (SaidWord | undefined)[]): string {
  let out = '';
  let afterWord = false;
  for (const [index, token] of tokens.entries()) {
    const phonemes = said[index]?.phonemes ?? '';
    if (phonemes === '') {
      afterWord ||= token.spaced;
      continue;
    }
    const isWord = token.kind !== 'mark';
    if (out !== '' && (token.spaced || (isWord && afterWord))) out += ' ';
    out += phonemes;
    afterWord = isWord;
  }
  return out;
}
