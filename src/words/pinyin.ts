import { pinyin, polyphonic } from 'pinyin-pro';

/** How a character can be spoken. */
export interface Reading {
  /** Without tone: `zhang`, `lü`. */
  readonly syllable: string;
  /** 1 to 4; 0 is the neutral tone. */
  readonly tone: number;
  /** With its tone mark: `zhǎng`. */
  readonly written: string;
}

/** A code point of a text with how it is spoken there and everywhere. What is not a Han character has no readings. */
export interface Sound {
  readonly character: string;
  /** All readings in use, the usual one first. */
  readonly readings: readonly Reading[];
  /** The one that the words around it ask for (行 in 银行 is `háng`); `null` where there is none. */
  readonly inContext: Reading | null;
}

// As the dictionary has them: sandhi (一个 `yí gè`) changes with the neighbours, and is no property of the character.
const HOW = { type: 'all', toneSandhi: false } as const;

/** Longer texts are read in pieces of at most so many code points: the library takes longer than in proportion. */
const PIECE = 120;

const HAN = /\p{Script=Han}/u;

/** How each code point of a text is spoken, in order: as many as the text has code points. About 3 µs each. */
export function soundsOf(text: string): Sound[] {
  if (!HAN.test(text)) return Array.from(text, silent);
  const characters = Array.from(text);
  const sounds: Sound[] = [];
  for (let at = 0; at < characters.length; ) {
    const piece = characters.slice(at, endOfPiece(characters, at));
    at += piece.length;
    const spoken = pinyin(piece.join(''), HOW);
    // The library takes what is not Han one code point at a time; should it not, each character is asked alone.
    const told = spoken.length === piece.length;
    for (const [index, character] of piece.entries()) {
      const readings = readingsOf(character);
      const found = told ? spoken[index]?.pinyin : undefined;
      sounds.push({ character, readings, inContext: (found ? reading(found) : readings[0]) ?? null });
    }
  }
  return sounds;
}

/** Ends a piece where no word goes on, if there is such a place in its second half. */
function endOfPiece(characters: readonly string[], start: number): number {
  const end = Math.min(characters.length, start + PIECE);
  if (end === characters.length) return end;
  for (let at = end; at > start + PIECE / 2; at -= 1) if (!HAN.test(characters[at - 1] ?? '')) return at;
  return end;
}

const known = new Map<string, readonly Reading[]>();

/** All readings of a character that are in use, the usual one first; none of what is not a Han character. */
export function readingsOf(character: string): readonly Reading[] {
  const before = known.get(character);
  if (before) return before;
  if (!HAN.test(character)) return NONE;
  const forms = polyphonic(character, HOW)[0] ?? [];
  const found = forms.flatMap(({ pinyin, isZh }) => (isZh && pinyin ? [reading(pinyin)] : []));
  const readings = found.length > 0 ? found : NONE;
  known.set(character, readings);
  return readings;
}

const NONE: readonly Reading[] = [];

function silent(character: string): Sound {
  return { character, readings: NONE, inContext: null };
}

const interned = new Map<string, Reading>();

/** `zhǎng` or `zhang3` as a reading. The same sound is always the same object, so readings can be compared with `===`. */
export function reading(written: string): Reading {
  const before = interned.get(written);
  if (before) return before;
  const made = numbered(written) ?? marked(written);
  const same = interned.get(made.written) ?? made;
  // There are some 1,700 readings; what a stranger's list writes besides must not fill the memory.
  if (interned.size < 10_000) interned.set(written, same).set(same.written, same);
  return same;
}

const TONE_MARKS = ['\u0304', '\u0301', '\u030c', '\u0300'];
const TONE_MARK = /[\u0304\u0301\u030c\u0300]/;

function marked(written: string): Reading {
  const apart = written.normalize('NFD');
  const mark = TONE_MARK.exec(apart)?.[0];
  const tone = mark === undefined ? 0 : TONE_MARKS.indexOf(mark) + 1;
  return { syllable: apart.replace(TONE_MARK, '').normalize('NFC'), tone, written: written.normalize('NFC') };
}

function numbered(written: string): Reading | null {
  const parts = /^([a-zü:]+)([0-5])$/.exec(written);
  if (!parts) return null;
  const syllable = (parts[1] ?? '').replace(/v|u:/, 'ü');
  const tone = Number(parts[2]) % 5;
  return { syllable, tone, written: withMark(syllable, tone) };
}

/** The mark stands on `a` or `e`, on the `o` of `ou`, else on the last vowel (GB/T 16159). */
function withMark(syllable: string, tone: number): string {
  const mark = TONE_MARKS[tone - 1];
  const at = Math.max(syllable.search(/[ae]|o(?=u)/), -1);
  const on = at >= 0 ? at : Math.max(...Array.from('iouü', (vowel) => syllable.lastIndexOf(vowel)));
  if (mark === undefined || on < 0) return syllable;
  return (syllable.slice(0, on + 1) + mark + syllable.slice(on + 1)).normalize('NFC');
}
