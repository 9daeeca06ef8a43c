import type { Measured } from '#contract/ledger.ts';
import type { ModelTokens } from '#tokens/index.ts';
import { isHan } from '#words/index.ts';
import { measured, unmeasured } from '../unmeasured.ts';

/** Longer texts are looked at up to here: about 15 µs a character, and the figures no longer change. Code points. */
const MOST_POINTS = 3_000;

/** How a tokenizer takes texts: tokens that hold a Chinese character for each of them, and characters that come back as others. */
export function readAsTokens(
  texts: readonly string[],
  tokens: ModelTokens,
): { readonly tokensPerHan: Measured; readonly roundTrip: Measured } {
  let [left, han, holding, changed] = [MOST_POINTS, 0, 0, 0];
  let isWhole = true;
  for (const text of texts) {
    const points = firstPoints(text, left + 1);
    if (points.length > left) isWhole = false;
    const read = points.slice(0, left);
    left -= read.length;
    const ids = tokens.encode(read.join(''));
    changed += changes(read, [...tokens.decode(ids)]);
    han += read.filter(isHan).length;
    holding += hanTokens(ids, tokens);
  }
  const source = `tokenizer:${tokens.id}${isWhole ? '' : `, first ${MOST_POINTS} characters`}`;
  return {
    tokensPerHan: han === 0 ? unmeasured('The text has no Chinese characters.') : measured(holding / han, source),
    roundTrip: measured(changed, source),
  };
}

/** The first code points, without taking all of a long text apart. */
function firstPoints(text: string, count: number): string[] {
  return Array.from(text.slice(0, count * 2)).slice(0, count);
}

/** Tokens that hold a Chinese character or a piece of one. */
function hanTokens(ids: readonly number[], tokens: ModelTokens): number {
  const pieces = ids.map(tokens.bytesOf);
  const bytes = Buffer.concat(pieces);
  const isHanByte = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; ) {
    const length = bytesOfCharacter(bytes[at] ?? 0);
    if (length > 2 && isHan(bytes.toString('utf8', at, at + length))) isHanByte.fill(1, at, at + length);
    at += length;
  }
  let end = 0;
  return pieces.filter((piece) => {
    end += piece.length;
    return isHanByte.subarray(end - piece.length, end).includes(1);
  }).length;
}

/** How long a UTF-8 character is, by its first byte. */
function bytesOfCharacter(first: number): number {
  if (first < 0xc0) return 1;
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/** How many characters are others afterwards. Where some were joined or parted, those between what is the same at both ends. */
function changes(before: readonly string[], after: readonly string[]): number {
  if (before.length === after.length) return before.filter((character, at) => character !== after[at]).length;
  let start = 0;
  while (start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < Math.min(before.length, after.length) - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return Math.max(before.length, after.length) - start - end;
}
