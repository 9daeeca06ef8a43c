import { type ContentOptions, contentOf, verbatimOf } from './content.ts';

/**
 * What two texts are compared by, two scores, never one. `content` forgives how a thing is written: width, script, numbers, case
 * and punctuation. `verbatim` forgives nothing but space.
 */
export type Strictness = 'content' | 'verbatim';

/** `word`: what stands between spaces. `character`: each code point but space. `mixed`: Chinese characters, and words of other scripts. */
export type Unit = 'word' | 'character' | 'mixed';

/** The rate a unit gives, by its full name: “MER” would be two things. */
export const RATE_NAMES: Readonly<Record<Unit, string>> = {
  word: 'word error rate',
  character: 'character error rate',
  mixed: 'mixed error rate',
};

/** The unit a language is scored by: words, or characters where it has no spaces; both where it is mixed (`zh+en`). */
export function unitFor(language: string | null): Unit {
  if (language?.includes('+')) return 'mixed';
  return /^(zh|yue|cmn|ja|th|lo|km|my)\b/i.test(language ?? '') ? 'character' : 'word';
}

/** A text in units, each with where it stands in that text, in code points, `end` exclusive. */
export interface Cut {
  readonly texts: readonly string[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

const UNITS: Readonly<Record<Unit, RegExp>> = {
  word: /\S+/gu,
  character: /\S/gu,
  mixed: /\p{Script=Han}|[^\p{Script=Han}\s]+/gu,
};

/** Cuts a text as it stands. */
export function cut(text: string, unit: Unit): Cut {
  const found = { texts: [] as string[], starts: [] as number[], ends: [] as number[] };
  let at = 0; // in UTF-16 code units, as a regular expression counts
  let codePoint = 0;
  for (const { 0: piece, index } of text.matchAll(UNITS[unit])) {
    codePoint += lengthOf(text.slice(at, index));
    found.texts.push(piece);
    found.starts.push(codePoint);
    codePoint += lengthOf(piece);
    found.ends.push(codePoint);
    at = index + piece.length;
  }
  return found;
}

/** Cuts a text into the units it is scored by, after what the score forgives is gone. */
export async function unitsOf(
  text: string,
  unit: Unit,
  strictness: Strictness,
  options: ContentOptions = {},
): Promise<readonly string[]> {
  return cut(await asCompared(text, strictness, options), unit).texts;
}

/** A text as a score of this strictness sees it. */
export async function asCompared(text: string, strictness: Strictness, options: ContentOptions = {}): Promise<string> {
  return strictness === 'content' ? contentOf(text, options) : verbatimOf(text);
}

const lengthOf = (text: string) => [...text].length;
