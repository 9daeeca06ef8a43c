import type { TextLine } from '#contract/perception.ts';
import { type Book, bookOf, likeness, tells, wasRead } from './compare.ts';
import { mentions, nameIn } from './names.ts';
import { quotesIn } from './quotes.ts';

/** Writing of this share of the picture's shorter side is seen at a glance. Not measured. */
const PROMINENT_FROM = 0.04;
/** What was read with less confidence may not stand there. Not measured. */
const SURE_FROM = 0.8;
/** The largest of it are listed. */
const MOST_WRITINGS = 8;
const MOST_OBJECTS = 12;
/** So many are compared: the largest with the description, the first with what it quotes. */
const MOST_LINES = 200;
/** Below this nothing that was read is like it. */
const LIKE_FROM = 0.34;

/** What somebody said of a picture and what others found in it. `lines`: `null` when nobody read. */
export interface Said {
  readonly text: string;
  readonly lines: readonly TextLine[] | null;
  readonly objects: readonly string[];
  readonly language: 'en' | 'zh';
  readonly size: { readonly widthPx: number; readonly heightPx: number };
  /** Turns traditional Chinese into simplified, so that both are compared as one. */
  readonly simplify?: ((text: string) => string) | undefined;
}

export interface CrossChecked {
  /** Writing in quotation marks, and objects: found in the picture and not told. */
  readonly omits: readonly string[];
  /** What is quoted and was not read, and the line most like it. */
  readonly unread: readonly { readonly quoted: string; readonly nearest: string | null }[];
}

/**
 * Compares a description with the writing read in the picture and the objects found there: what is prominent and neither quoted nor
 * paraphrased, and what is quoted and was not read. Only what can be compared is listed: of an object without a known name in the
 * description's language nothing is said. Writing in one language told in another counts as not told.
 */
export function crossCheck({ text, lines, objects, language, size, simplify = (same) => same }: Said): CrossChecked {
  const told = bookOf(simplify(text));
  const written = lines?.filter((line) => isProminent(line, size)) ?? [];
  const largest = written
    .sort((one, other) => other.heightPx - one.heightPx)
    .slice(0, MOST_LINES)
    .filter((line) => !tells(told, simplify(line.text)))
    .slice(0, MOST_WRITINGS);
  const unmentioned = objects.filter((name) => mentions(told, name) === false).slice(0, MOST_OBJECTS);
  return {
    omits: [
      ...new Set([...largest.map((line) => `“${line.text}”`), ...unmentioned.map((name) => nameIn(language, name))]),
    ],
    unread: lines === null ? [] : unreadIn(simplify(text), lines, simplify),
  };
}

function isProminent(line: TextLine, { widthPx, heightPx }: Said['size']): boolean {
  const isSure = line.confidence === null || line.confidence >= SURE_FROM;
  const isWord = /\p{Script=Han}|[\p{L}\p{N}].*[\p{L}\p{N}]/u.test(line.text);
  return isSure && isWord && line.heightPx >= PROMINENT_FROM * Math.min(widthPx, heightPx);
}

function unreadIn(
  told: string,
  lines: readonly TextLine[],
  simplify: (text: string) => string,
): CrossChecked['unread'] {
  const all = bookOf(lines.map((line) => simplify(line.text)).join(' '));
  const books = lines.slice(0, MOST_LINES).map((line) => ({ line, book: bookOf(simplify(line.text)) }));
  return quotesIn(told)
    .filter((quoted) => !wasRead(quoted, all))
    .map((quoted) => ({ quoted, nearest: nearestTo(quoted, books) }));
}

function nearestTo(quoted: string, books: readonly { readonly line: TextLine; readonly book: Book }[]): string | null {
  const own = bookOf(quoted);
  let nearest: { readonly text: string; readonly like: number } | null = null;
  for (const { line, book } of books) {
    const like = Math.max(likeness(quoted, book), likeness(line.text, own));
    if (like >= LIKE_FROM && like > (nearest?.like ?? 0)) nearest = { text: line.text, like };
  }
  return nearest?.text ?? null;
}
