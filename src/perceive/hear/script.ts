// Scripts written without spaces between words, with the punctuation and full-width forms that go with them.
const SPACELESS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\u3000-\u303f\u30fc\uff00-\uffef]/u;

/** Whether a character belongs to a script that puts no spaces between words (Chinese, Japanese, Thai, …). */
export function isSpaceless(character: string | undefined): boolean {
  return character !== undefined && SPACELESS.test(character);
}

/** Puts words or sentences together as their script wants it: with a space, or with none beside a spaceless character. */
export function joinWords(words: readonly string[]): string {
  let text = '';
  for (const word of words) {
    if (word === '') continue;
    const tight = text === '' || isSpaceless([...text.slice(-2)].at(-1)) || isSpaceless([...word.slice(0, 2)][0]);
    text += tight ? word : ` ${word}`;
  }
  return text;
}
