import { editDistance } from '#kit/edits.ts';

/** Words that say nothing of their own. */
const SMALL = new Set(
  'a an and are as at be by for from in is it of on or that the this to was with 的 了 是 在 和 与 及'.split(' '),
);
/** Half of the words of a piece of writing, or of its pairs of characters in Chinese, tell it (docs/decisions/2026-11-26-describing.md). */
const TOLD_FROM = 0.5;
/** Two readings with a third of their characters apart are still readings of the same (measured there too). */
const SAME_FROM = 0.66;
/** Longer texts are compared up to here. */
const MOST_QUOTED = 160;
const MOST_TEXT = 16_000;

const HAN = /\p{Script=Han}/u;

/** Words as they are compared: small letters, digits and characters of one width; Chinese is split into pairs of characters. */
export function unitsOf(text: string): readonly string[] {
  const runs = plainText(text).match(/\p{Script=Han}+|[^\P{L}\p{Script=Han}]+|\p{N}+/gu) ?? [];
  const units = runs.flatMap((run) => (HAN.test(run) ? pairsOf(run) : [run]));
  const large = units.filter((unit) => !SMALL.has(unit));
  return large.length > 0 ? large : units;
}

/** A text as it is looked through, made once for all that is looked for in it. */
export interface Book {
  readonly plain: string;
  readonly letters: string;
  readonly words: ReadonlySet<string>;
  readonly stems: ReadonlySet<string>;
}

/** Prepares a text for comparison, up to its first 16,000 characters. */
export function bookOf(text: string): Book {
  const plain = plainText(text.slice(0, MOST_TEXT));
  const words = new Set(plain.match(/[^\P{L}\p{Script=Han}]+|\p{N}+/gu) ?? []);
  return { plain, letters: letters(plain), words, stems: new Set([...words].map(stemOf)) };
}

/** Whether a text tells what is written somewhere, in its words or most of them; small slips of either do not matter. */
export function tells(book: Book, written: string): boolean {
  const units = unitsOf(written.slice(0, MOST_QUOTED));
  if (units.length === 0) return true;
  const isTold = (unit: string) => (HAN.test(unit) ? book.plain.includes(unit) : hasWord(book, unit));
  return units.filter(isTold).length >= TOLD_FROM * units.length;
}

/** How much of `quoted` stands in a text, 0–1: 1 less the edit distance to the stretch that is most like it, over its length. */
export function likeness(quoted: string, book: Pick<Book, 'letters'>): number {
  const wanted = [...letters(plainText(quoted.slice(0, MOST_QUOTED)))];
  if (wanted.length === 0) return 1;
  // Sellers' algorithm: as the edit distance, but the stretch may begin and end anywhere.
  let row = Uint16Array.from({ length: wanted.length + 1 }, (_, at) => at);
  let next = new Uint16Array(wanted.length + 1);
  let best = wanted.length;
  for (const letter of book.letters) {
    for (let at = 0; at < wanted.length; at++) {
      const changed = (row[at] ?? 0) + (wanted[at] === letter ? 0 : 1);
      next[at + 1] = Math.min(changed, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1);
    }
    [row, next] = [next, row];
    best = Math.min(best, row[wanted.length] ?? best);
  }
  return 1 - best / wanted.length;
}

/** Whether what one quotes stands in what another read. Numbers must be the same to the digit. */
export function wasRead(quoted: string, book: Book): boolean {
  const numbers = plainText(quoted).match(/\p{N}+/gu) ?? [];
  if (numbers.some((number) => !book.words.has(number))) return false;
  return likeness(quoted, book) >= SAME_FROM || tells(book, quoted);
}

// A zero that touches letters and no digit is an o that was misread.
function plainText(text: string): string {
  const small = text.normalize('NFKC').toLowerCase().replaceAll(/['’]/g, '');
  return small.replaceAll(/(?<=\p{L})0(?!\d)|(?<!\d)0(?=\p{L})/gu, 'o');
}

function letters(plain: string): string {
  return plain.replaceAll(/[^\p{L}\p{N}]/gu, '');
}

function pairsOf(run: string): string[] {
  const characters = [...run];
  return characters.length === 1 ? characters : characters.slice(1).map((second, at) => `${characters[at]}${second}`);
}

/** Whether a word is there in some form: another ending, or a slip in a longer one. */
export function hasWord({ words, stems }: Pick<Book, 'words' | 'stems'>, word: string): boolean {
  if (words.has(word)) return true;
  if (/\p{N}/u.test(word)) return false;
  if (stems.has(stemOf(word))) return true;
  const slips = word.length >= 9 ? 2 : word.length >= 5 ? 1 : 0;
  const isClose = (other: string) =>
    Math.abs(other.length - word.length) <= slips && editDistance(word, other) <= slips;
  return slips > 0 && [...words].some(isClose);
}

const IRREGULAR: ReadonlyMap<string, string> = new Map([
  ['men', 'man'],
  ['women', 'woman'],
  ['people', 'person'],
  ['children', 'child'],
  ['feet', 'foot'],
  ['teeth', 'tooth'],
  ['mice', 'mouse'],
  ['leaves', 'leaf'],
  ['knives', 'knife'],
  ['shelves', 'shelf'],
  ['wolves', 'wolf'],
]);

/** A word without the endings of number and time. */
export function stemOf(word: string): string {
  const one = IRREGULAR.get(word) ?? word;
  if (one.length <= 3) return one;
  const bare = one
    .replace(/ies$/, 'y')
    .replace(/(s|x|z|ch|sh)es$/, '$1')
    .replace(/([^s])s$/, '$1')
    .replace(/(.{3,})(?:ing|ed)$/, '$1');
  return bare.replace(/(.{3,})e$/, '$1').replace(/([bdglmnprt])\1$/, '$1');
}
