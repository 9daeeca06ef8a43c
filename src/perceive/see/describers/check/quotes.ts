// Titles (《》) are no quotes of what is written. A straight single quote may be an apostrophe, so no letter may touch it outside.
const QUOTES = [
  /“([^“”\n]{1,80})”/gu,
  /"([^"\n]{1,80})"/gu,
  /「([^「」\n]{1,80})」/gu,
  /『([^『』\n]{1,80})』/gu,
  /(?<![\p{L}\p{N}])‘([^‘\n]{1,80}?)’(?![\p{L}\p{N}])/gu,
  /(?<![\p{L}\p{N}])'([^'\n]{1,80})'(?![\p{L}\p{N}])/gu,
];
/** More of them are not looked at. */
const MOST = 16;

/** What a description quotes, without its marks, each once, in the order of their kinds. */
export function quotesIn(text: string): readonly string[] {
  const found = QUOTES.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => (match[1] ?? '').trim()));
  return [...new Set(found.filter((quote) => /[\p{L}\p{N}]/u.test(quote)))].slice(0, MOST);
}
