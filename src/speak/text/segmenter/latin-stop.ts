import { beforeNumber, eitherWay, finalBeforeCapital, neverFinal, sentenceStarters } from './abbreviations.ts';
import { isBlank, isDigit, isLowercase, isWide } from './marks.ts';

/** What a full stop needs to know before it can be judged. */
export type Need = 'nothing' | 'never-ends' | 'next-character' | 'next-word';

/** The word that a full stop at `at` closes, back to a blank, a wide character or an opening mark. */
export function wordBefore(text: string, at: number, from: number): string {
  let start = at;
  // 24 is longer than any abbreviation; it keeps the walk short on text without blanks.
  while (
    start > from &&
    at - start < 24 &&
    /[\p{L}\p{M}\p{N}.&-]/u.test(text[start - 1] ?? '') &&
    !isWide(text[start - 1] ?? '')
  ) {
    start -= 1;
  }
  return text.slice(start, at);
}

const initial = /^\p{Lu}$/u;
const dotted = /^(?:\p{L}{1,2}\.)+\p{L}$/u;
const withoutVowel = /^[b-df-hj-np-tv-xzB-DF-HJ-NP-TV-XZ][b-df-hj-np-tv-xz]{0,5}$/u;
const listNumber = /^[\s([]*(?:\d{1,3}|\p{L}|[ivx]{1,4}|[IVX]{1,4})$/u;

/** Says what the single full stop after `word` depends on. `sentence` is everything before it since the last boundary. */
export function needOf(word: string, sentence: string): Need {
  if (listNumber.test(sentence)) return 'never-ends';
  const lower = word.toLowerCase();
  if (neverFinal.has(lower)) return 'never-ends';
  if (beforeNumber.has(lower)) return 'next-character';
  if (word === '') return /\s$/u.test(sentence) ? 'next-character' : 'nothing'; // perhaps a spaced ellipsis . . .
  if (word === 'I' && !/\p{Lu}\p{Ll}+ I$/u.test(sentence)) return 'nothing'; // the pronoun, not Albert I. Jones
  if (eitherWay.has(lower) || initial.test(word) || dotted.test(word)) return 'next-word';
  if (withoutVowel.test(word)) return 'next-character';
  return 'nothing';
}

/** Judges a single full stop, given as much of what follows as `needOf` asked for. */
export function judge(word: string, nextWord: string): 'end' | 'inside' {
  const lower = word.toLowerCase();
  const next = nextWord[0] ?? '';
  if (next === '') return 'end';
  if (beforeNumber.has(lower))
    return isDigit(next) || (word !== lower && isLowercase(next) && lower !== 'no') ? 'inside' : 'end';
  if (word === '') return next === '.' || isLowercase(next) ? 'inside' : 'end';
  if (eitherWay.has(lower) || initial.test(word) || dotted.test(word)) {
    if (sentenceStarters.has(nextWord)) return 'end';
    return finalBeforeCapital.has(lower) && !isLowercase(next) && !isDigit(next) ? 'end' : 'inside';
  }
  return withoutVowel.test(word) && isLowercase(next) ? 'inside' : 'end';
}

/** The first word of `text` after blanks, or `null` when more text is needed to know it whole. */
export function firstWord(text: string, at: number, ended: boolean): string | null {
  let start = at;
  // A run of blanks this long is a gap, not a space between words.
  while (start < text.length && start - at < 64 && isBlank(text[start] ?? '')) start += 1;
  let end = start;
  while (end < text.length && end - start < 24 && /[\p{L}\p{M}]/u.test(text[end] ?? '')) end += 1;
  if (end === text.length && end - start < 24 && !ended) return null;
  return end === start ? (text[start] ?? '') : text.slice(start, end);
}

/** The first character of `text` after blanks, or `null` when more text is needed. A newline counts as "nothing follows". */
export function firstCharacter(text: string, at: number, ended: boolean): string | null {
  for (let i = at; i < text.length && i - at < 64; i += 1) {
    const character = text[i] ?? '';
    if (character === '\n') return '';
    if (!isBlank(character)) return character;
  }
  return ended || text.length - at >= 64 ? '' : null;
}
