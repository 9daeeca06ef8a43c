/** Ligatures that fonts have as one character (Unicode, Alphabetic Presentation Forms). */
const LIGATURES: readonly string[] = ['ff', 'fi', 'fl', 'ffi', 'ffl', 'st', 'st'];
const FIRST_LIGATURE = 0xfb00;

/** Marks of the Symbol and Wingdings fonts, which files often give as private characters 0xF000 + code. */
const SYMBOLS: ReadonlyMap<number, string> = new Map([
  [0xf0b7, '•'],
  [0xf06e, '■'],
  [0xf06f, '□'],
  [0xf071, '❑'],
  [0xf075, '◆'],
  [0xf076, '❖'],
  [0xf0a7, '▪'],
  [0xf0a8, '◻'],
  [0xf0d8, '➢'],
  [0xf0e0, '→'],
  [0xf0fc, '✓'],
  [0xf02d, '–'],
]);

/** PDFium puts this for a hyphen at the end of a line that it takes for one of typesetting (cpdf_textpage.cpp). */
const LINE_HYPHEN = 0x02;
const SOFT_HYPHEN = 0xad;

/** Stands for a hyphen that only typesetting put there. */
export const TYPESET_HYPHEN = '\u00ad';

/** The text of one character of a PDF: ligatures spelled out, marks of symbol fonts as what they show. `null`: nobody can tell. */
export function letterOf(codePoint: number): string | null {
  if (codePoint === LINE_HYPHEN || codePoint === SOFT_HYPHEN) return TYPESET_HYPHEN;
  if (codePoint >= FIRST_LIGATURE && codePoint < FIRST_LIGATURE + LIGATURES.length) {
    return LIGATURES[codePoint - FIRST_LIGATURE] ?? null;
  }
  const symbol = SYMBOLS.get(codePoint);
  if (symbol !== undefined) return symbol;
  return isUnmapped(codePoint) ? null : String.fromCodePoint(codePoint);
}

function isUnmapped(codePoint: number): boolean {
  return (
    codePoint < 0x20 ||
    (codePoint >= 0x7f && codePoint < 0xa0) ||
    (codePoint >= 0xd800 && codePoint < 0xf900) ||
    (codePoint & 0xfffe) === 0xfffe ||
    codePoint === 0xfffd ||
    codePoint >= 0xf0000
  );
}

const SPACE = /^[\s\u200b\ufeff]$/u;

/** Whether it only keeps others apart. */
export function isSpace(codePoint: number): boolean {
  return codePoint !== LINE_HYPHEN && codePoint <= 0xffff && SPACE.test(String.fromCharCode(codePoint));
}

const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uffef]/u;
/** Korean is written with spaces. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uff60]/u;

/** Whether a character belongs to Chinese, Japanese or Korean writing. */
export function isWide(letter: string): boolean {
  return WIDE.test(letter);
}

/** Whether a character belongs to writing that puts no spaces between words. */
export function isUnspaced(letter: string): boolean {
  return UNSPACED.test(letter);
}
