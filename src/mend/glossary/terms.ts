import { SensoriumError } from '#contract/error.ts';
import { codePoints } from '#kit/code-points.ts';
import { type Reading, reading, type Sound, soundsOf } from '#words/index.ts';
import { type Token, tokensOf } from '../gate/index.ts';

/** A word that a user says, and how it is spoken where the characters do not tell. */
export interface Term {
  readonly text: string;
  /** A syllable for each Han character, with tones as marks or digits: `dān yú` or `shan4 yu2`. */
  readonly pinyin?: string | undefined;
}

/** A character or word of a term with its sound; `null` where nothing is known of it. */
export interface Unit extends Token {
  readonly reading: Reading | null;
}

/** A term cut into its sounds. */
export interface HeardTerm {
  readonly text: string;
  readonly units: readonly Unit[];
}

/** More terms than these, or longer ones (in code points), are refused: they would be no glossary but a dictionary. */
const MOST_TERMS = 100_000;
const LONGEST = 64;

/** The terms of a text file: one a line, optionally its pinyin after a tab; empty lines are left out. */
export function parseTerms(lines: string): Term[] {
  return lines.split(/\r?\n/).flatMap((line) => {
    const [text = '', pinyin = ''] = line.split('\t').map((part) => part.trim());
    return text === '' ? [] : [pinyin === '' ? { text } : { text, pinyin }];
  });
}

/** Each term with its sounds, once. Throws `config.invalid` for too many or too long ones, and for pinyin that does not fit its characters. */
export function hearTerms(terms: readonly (string | Term)[]): HeardTerm[] {
  if (terms.length > MOST_TERMS) throw unusable(`A glossary can have ${MOST_TERMS} terms, not ${terms.length}.`);
  const known = new Map<string, Term>();
  for (const given of terms) {
    const term = typeof given === 'string' ? { text: given } : given;
    if (term.text.trim() !== '') known.set(term.text.trim() + (term.pinyin ?? ''), { ...term, text: term.text.trim() });
  }
  const all = [...known.values()];
  // All at once: asking for each alone takes five times as long. A line ends every word.
  const sounds = soundsOf(all.map(({ text }) => text).join('\n'));
  let at = 0;
  return all.map((term) => {
    const length = codePoints(term.text);
    at += length + 1;
    return heard(term, sounds.slice(at - length - 1, at - 1));
  });
}

function heard({ text, pinyin }: Term, sounds: readonly Sound[]): HeardTerm {
  if (text.length > 2 * LONGEST)
    throw unusable(`The glossary term “${text.slice(0, 20)}…” is longer than ${LONGEST} characters.`);
  const tokens = tokensOf(text).filter(({ kind }) => kind !== 'mark');
  const told = pinyin?.trim().split(/\s+/);
  const han = tokens.filter(({ kind }) => kind === 'han');
  if (told && told.length !== han.length)
    throw unusable(
      `The pinyin of the glossary term “${text}” has ${told.length} syllables for ${han.length} characters.`,
    );
  const units = tokens.map((token) => {
    if (token.kind !== 'han') return { ...token, reading: null };
    const syllable = told?.[han.indexOf(token)];
    return {
      ...token,
      reading: syllable === undefined ? (sounds[token.start]?.inContext ?? null) : reading(syllable.toLowerCase()),
    };
  });
  return { text, units };
}

function unusable(message: string): SensoriumError {
  return new SensoriumError('config.invalid', message, {
    hint: 'A glossary has one term a line; where characters are spoken unusually, their pinyin after a tab, a syllable each.',
  });
}
