const PIECE =
  /^'+|^\p{Lu}'(?=\p{Lu})|\p{Nd}+|'(?:ll|d|ve|re|m)$|\p{Lu}(?=\p{Lu}\p{Ll})|\p{L}*?(?:'\p{L})*?\p{Ll}(?=\p{Lu})|(?:\p{L}|'(?!(?:ll|d|ve|re|m)$)(?=\p{L}))+|'+$|[^\p{L}\p{Nd}]/gu;

/** Cuts one written word where a reader would: at hyphens, between letters and digits, at camelCase, before 'll or 've. */
export function piecesOf(word: string): string[] {
  return word.match(PIECE) ?? [word];
}

const OWN_LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'th',
  þ: 'th',
  ı: 'i',
};

/** One spelling for one word: compatibility forms, curly apostrophes and special hyphens made plain. */
export function plainSpelling(word: string): string {
  return word
    .normalize('NFKC')
    .replace(/[’‘ʼ]/g, "'")
    .replace(/\u2010|\u2011/g, '-');
}

/** The word without accents ("café" → "cafe"), letters such as ø written with plain ones. */
export function withoutAccents(word: string): string {
  return word
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[ßæœøłđðþı]/g, (letter) => OWN_LETTERS[letter] ?? letter);
}
