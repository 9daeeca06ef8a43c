import type { Dictionary } from './dictionary.ts';
import { latticeOf } from './lattice.ts';
import { pointsIn, stretchesOf } from './stretches.ts';

/** Another word of the same sound; `share` is its part of all running words that sound so. */
export interface SameSound {
  readonly text: string;
  readonly share: number;
}

/** A word of a text as it could have been heard. */
export interface HeardWord {
  /** Its place in the text, in code points; `end` exclusive. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** One syllable with tone for each character, such as `xing2 shi4`; 0 is the neutral tone. */
  readonly sound: string;
  /** A(w) = −log2 p(w | sound): 0 where no other word sounds the same, 1 where every second word of the sound is another. */
  readonly bits: number;
  /** The others of its sound, the most frequent first, at most 8, none rarer than a hundredth of the sound. */
  readonly others: readonly SameSound[];
}

const MAX_OTHERS = 8;
const RAREST_SHARE = 0.01;

/** The words of a Chinese text with how ambiguous each is to the ear, by the words' frequencies alone. Characters in no word are left out. */
export function heardWords(text: string, dictionary: Dictionary): HeardWord[] {
  const words: HeardWord[] = [];
  for (const stretch of stretchesOf(text)) {
    let unit = 0;
    let point = stretch.point;
    for (const { start, end, word } of latticeOf(stretch.text, dictionary).pieces) {
      point += pointsIn(stretch.text.slice(unit, start));
      const place = { start: point, end: point + end - start, text: stretch.text.slice(start, end) };
      if (word >= 0) words.push({ ...place, sound: dictionary.sound(word), ...ambiguityOf(word, dictionary) });
      point = place.end;
      unit = end;
    }
  }
  return words;
}

/** How ambiguous a word of the dictionary is to the ear, and what else it may be. */
export function ambiguityOf(word: number, dictionary: Dictionary): Pick<HeardWord, 'bits' | 'others'> {
  const same = dictionary.sameSound(word);
  if (same.length < 2) return { bits: 0, others: [] };
  let all = 0;
  for (const one of same) all += counted(one, dictionary);
  const others: SameSound[] = [];
  for (const one of same) {
    const share = counted(one, dictionary) / all;
    if (others.length === MAX_OTHERS || share < RAREST_SHARE) break;
    if (one !== word) others.push({ text: dictionary.text(one), share });
  }
  return { bits: Math.log2(all / counted(word, dictionary)), others };
}

/** A word that is listed but never counted is half of one. */
function counted(word: number, dictionary: Dictionary): number {
  return Math.max(dictionary.count(word), 0.5);
}
