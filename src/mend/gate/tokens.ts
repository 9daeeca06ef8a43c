/** What an edit is looked at in: a Han character, a word of another script, a number, or a mark of punctuation. Space is none. */
export interface Token {
  readonly text: string;
  readonly kind: 'han' | 'word' | 'number' | 'mark';
  /** Code points of the text; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
}

const TOKEN =
  /(?<han>\p{Script=Han})|(?<word>(?!\p{Script=Han})[\p{L}\p{M}](?:(?!\p{Script=Han})[\p{L}\p{M}\p{N}]|['’](?=\p{L}))*)|(?<number>\p{N}(?:\p{N}|[.,:](?=\p{N}))*)|(?<mark>\S)/gu;

/** A text cut into what it is compared by, in order. Linear in its length. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let unit = 0;
  let point = 0;
  for (const match of text.matchAll(TOKEN)) {
    // Between tokens there is only space, which has no surrogates.
    point += match.index - unit;
    const found = match[0];
    const length = found.length === 1 ? 1 : Array.from(found).length;
    const kind = match.groups?.han ? 'han' : match.groups?.word ? 'word' : match.groups?.number ? 'number' : 'mark';
    tokens.push({ text: found, kind, start: point, end: point + length });
    point += length;
    unit = match.index + found.length;
  }
  return tokens;
}
