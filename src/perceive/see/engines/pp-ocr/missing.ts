import type { Ink } from './ink.ts';
import type { Placed } from './recognise.ts';

/** What is written where a character is drawn that the recogniser left out. */
export const MISSING = '□';

/**
 * Chinese characters of a line stand at one pitch. Two that are this many pitches apart, with something drawn between them, have
 * a character between them that was left out: of 150 drawn lines with a character outside the alphabet 62 were so, of 150 with a rare one
 * inside it 21, of 150 with common ones none (docs/decisions/2026-11-26-reading-pictures.md).
 */
const GAP_PITCHES = 1.6;
const LEAST_PAIRS = 3;
/** Only a cell this far from both neighbours is looked at, and this much of it is drawn. */
const CELL = 0.6;
const LEAST_INK = 0.03;
const HAN = /^\p{Script=Han}$/u;

/** How many characters were left out behind each character of a line. */
export function missingBehind(characters: readonly Placed[], { columns }: Ink): readonly number[] {
  const isPair = (at: number) => HAN.test(characters[at]?.text ?? '') && HAN.test(characters[at + 1]?.text ?? '');
  const distance = (at: number) => (characters[at + 1]?.x ?? 0) - (characters[at]?.x ?? 0);
  const distances = characters.flatMap((_, at) => (isPair(at) ? [distance(at)] : [])).sort((a, b) => a - b);
  const pitch = distances[distances.length >> 1] ?? 0;
  return characters.map((one, at) => {
    if (distances.length < LEAST_PAIRS || !isPair(at) || distance(at) < GAP_PITCHES * pitch) return 0;
    const between = columns.subarray(Math.round(one.x + CELL * pitch), Math.round(one.x + distance(at) - CELL * pitch));
    const drawn = between.reduce((sum, share) => sum + share, 0) / Math.max(1, between.length);
    return drawn < LEAST_INK ? 0 : Math.max(1, Math.round(distance(at) / pitch) - 1);
  });
}
