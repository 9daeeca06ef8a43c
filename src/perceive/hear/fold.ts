import { isSpaceless } from './script.ts';

/** A token as a recogniser's vocabulary spells it: UTF-8 bytes, which may be only part of a character. */
export interface SpelledToken {
  readonly bytes: Uint8Array;
  readonly logprob: number | null;
}

/** A word and the tokens it is made of: `first` to `last`, both inclusive. */
export interface FoldedWord {
  readonly text: string;
  readonly first: number;
  readonly last: number;
  /**
   * Probability that the model writes just this word here: the product of its tokens' probabilities, leaving out tokens
   * that are only punctuation. Told wrong words from right ones better than the mean or the least of them
   * (docs/decisions/2026-11-23-hearing.md).
   */
  readonly confidence: number | null;
}

interface Letters {
  text: string;
  readonly first: number;
  last: number;
}

/**
 * Folds tokens into words. A word begins with a space, or with a character of a script that has none; bytes are put
 * together into characters first, and punctuation stays with the word before it.
 */
export function foldTokens(tokens: readonly SpelledToken[]): FoldedWord[] {
  const words: Letters[] = [];
  for (const letters of characters(tokens)) {
    const last = words.at(-1);
    const begins = !last || (beginsWord(letters.text, last.text) && hasLetter(letters.text));
    if (begins && last && !hasLetter(last.text)) extend(last, letters);
    else if (begins) words.push({ ...letters });
    else if (last) extend(last, letters);
  }
  return words
    .map((word) => ({ ...word, text: word.text.trim() }))
    .filter((word) => word.text !== '')
    .map((word) => ({ ...word, confidence: confidenceOf(tokens.slice(word.first, word.last + 1)) }));
}

/** The text of one token: what its bytes spell, with U+FFFD where they are only part of a character. */
export function tokenText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

// Tokens joined until they make whole characters. A space that is a token of its own goes with what follows it.
function characters(tokens: readonly SpelledToken[]): Letters[] {
  const whole: Letters[] = [];
  const decoder = new TextDecoder();
  let first = 0;
  let text = '';
  for (const [at, token] of tokens.entries()) {
    text += decoder.decode(token.bytes, { stream: true });
    if (text.trim() === '') continue;
    whole.push({ text, first, last: at });
    first = at + 1;
    text = '';
  }
  text += decoder.decode();
  if (text.trim() !== '') whole.push({ text, first, last: tokens.length - 1 });
  return whole;
}

function beginsWord(text: string, before: string): boolean {
  return text.startsWith(' ') || isSpaceless([...text][0]) || isSpaceless([...before].at(-1));
}

function hasLetter(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

function extend(word: Letters, more: Letters): void {
  word.text += more.text;
  word.last = more.last;
}

function confidenceOf(tokens: readonly SpelledToken[]): number | null {
  const spoken = tokens.filter((token) => /[\p{L}\p{N}\ufffd]/u.test(tokenText(token.bytes)));
  const counted = spoken.length > 0 ? spoken : tokens;
  let sum = 0;
  for (const { logprob } of counted) {
    if (logprob === null) return null;
    sum += logprob;
  }
  return Math.min(1, Math.exp(sum));
}
