import { isUnspaced, TYPESET_HYPHEN } from '#runtime/pdf/letters.ts';

/** Words with a hyphen inside that were met on the page: a hyphen at the end of a line may be theirs. */
export function hyphenated(texts: readonly string[]): ReadonlySet<string> {
  const words = texts.flatMap((text) => (text.includes('-') ? text.split(/[^\p{L}-]+/u) : []));
  return new Set(words.filter((word) => /^[^-]+-[^-]+$/.test(word)).map((word) => word.toLowerCase()));
}

/** Crafted files have words of any length. */
const LONGEST_WORD = 80;
const BROKEN = new RegExp(`(\\p{L}+)[-‐${TYPESET_HYPHEN}]$`, 'u');

/**
 * A line and the one below as one text: Chinese and Japanese without a space, a word that typesetting broke in one piece, unless it
 * is known with its hyphen.
 */
export function joinLines(above: string, below: string, known: ReadonlySet<string>): string {
  const broken = BROKEN.exec(above.slice(-LONGEST_WORD));
  const rest = /^\p{Ll}+/u.exec(below.slice(0, LONGEST_WORD))?.[0];
  if (broken && rest !== undefined) {
    const isKnown = known.has(`${broken[1]}-${rest}`.toLowerCase());
    return `${above.slice(0, -1)}${isKnown ? '-' : ''}${below}`;
  }
  // A dash between words or numbers of two lines stands.
  const plain = above.endsWith(TYPESET_HYPHEN) ? `${above.slice(0, -1)}-` : above;
  if (/\p{L}-$/u.test(plain.slice(-3))) return plain + below;
  const unspaced = isUnspaced(lastOf(plain)) || isUnspaced(below[0] ?? '');
  return unspaced ? plain + below : `${plain} ${below}`;
}

function lastOf(text: string): string {
  return [...text.slice(-2)].at(-1) ?? '';
}

/** Whether a line ends in the middle of a word. */
export function endsBroken(text: string): boolean {
  return BROKEN.test(text.slice(-LONGEST_WORD));
}

/** Hyphens of typesetting that were not at the end of a line after all. */
export function withoutTypesetHyphens(text: string): string {
  return text.replaceAll(new RegExp(`${TYPESET_HYPHEN}(?=\\s|$)`, 'g'), '-').replaceAll(TYPESET_HYPHEN, '');
}
