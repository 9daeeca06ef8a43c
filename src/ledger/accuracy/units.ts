import { codePoints } from '#kit/code-points.ts';

/** What is judged right or wrong: a Chinese character, or a word of another script. Places are code points, `end` exclusive. */
export interface Unit {
  /** As compared: without width and case. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly kind: UnitKind;
}

export type UnitKind = 'han' | 'word';

const UNIT = /\p{Script=Han}|(?:(?!\p{Script=Han})[\p{L}\p{M}\p{N}'’])+/gu;
const HAN = /\p{Script=Han}/u;

/** A text in the units that can be right or wrong; punctuation is neither. */
export function unitsOf(text: string): Unit[] {
  const units: Unit[] = [];
  let at = 0;
  let point = 0;
  for (const { 0: piece, index } of text.matchAll(UNIT)) {
    point += codePoints(text.slice(at, index));
    const start = point;
    point += codePoints(piece);
    at = index + piece.length;
    const compared = piece.normalize('NFKC').toLowerCase().replaceAll('’', "'");
    units.push({ text: compared, start, end: point, kind: HAN.test(piece) ? 'han' : 'word' });
  }
  return units;
}
