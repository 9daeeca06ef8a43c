const SPOKEN_ONE_BY_ONE = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/gu;
const LATIN_WORD = /\p{Script=Latin}+/gu;

/**
 * About how many syllables a text has: Chinese characters, and groups of vowels in Latin letters (a final silent e is none). `null` where
 * its spelling does not tell: digits, and other scripts.
 */
export function syllablesIn(text: string): number | null {
  if (/\p{Nd}/u.test(text)) return null;
  const plain = text.normalize('NFD').replaceAll(/\p{M}/gu, '');
  let count = text.match(SPOKEN_ONE_BY_ONE)?.length ?? 0;
  for (const [word] of plain.matchAll(LATIN_WORD)) {
    const groups = word
      .toLowerCase()
      .replace(/(?<=[^aeiouyl])e$/u, '')
      .match(/[aeiouy]+/gu);
    count += Math.max(1, groups?.length ?? 0);
  }
  const rest = plain.replaceAll(
    /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Latin}]/gu,
    '',
  );
  return /\p{L}/u.test(rest) ? null : count;
}
