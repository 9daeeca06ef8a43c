/** Character classes of sentence segmentation. Everything here looks at one code point and keeps no state. */

/** Full-width marks that end a sentence by themselves. */
export const fullStops = new Set('。！？；｡');
/** Marks that end a sentence only when what follows agrees. */
export const latinStops = new Set('.!?;');
/** Marks that may follow a sentence mark and still belong to it. */
export const repeatable = new Set('。！？｡….!?～');
/** Places where a voice may pause inside a sentence. */
export const softMarks = new Set('，、：,:—–');

const closers = new Set('”’」』）】》〉〕］)]}»');

/** Whether a character closes a quotation or a bracket; a straight double quote does when one is open. */
export function isCloser(
  character: string,
  context: { readonly quoteOpen: boolean; readonly latin: boolean },
): boolean {
  if (closers.has(character)) return true;
  if (character === '"') return context.latin || context.quoteOpen;
  return character === "'" && context.latin;
}

const blank = /\s/u;
export const isBlank = (character: string) => blank.test(character);

const letterOrNumber = /[\p{L}\p{N}]/u;
export const isSpeakable = (character: string) => letterOrNumber.test(character);

const lowercase = /\p{Ll}/u;
export const isLowercase = (character: string) => lowercase.test(character);

export const isDigit = (character: string) => character >= '0' && character <= '9';

const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uff5e]/u;
/** Ideographs, kana, Hangul and the full-width marks that live among them: scripts written without spaces. */
export const isWide = (character: string) => character >= '\u1100' && wide.test(character);

// Unicode text segmentation (UAX 29), rules GB9 and GB9a: never a grapheme boundary before these.
const extender = /[\p{Grapheme_Extend}\p{Mc}\p{Emoji_Modifier}\u0e33\u0eb3]|\u200d/u;
export const isExtender = (character: string) => character >= '\u0300' && extender.test(character);
