import { isWide } from '../../layout/item.ts';
import { blanksIn, type Ink, inkHeight } from './ink.ts';
import { MISSING, missingBehind } from './missing.ts';
import type { Placed } from './recognise.ts';

/** A character of a line; a space or a missing character that was only seen in the picture has no probability. */
export interface LineCharacter {
  readonly text: string;
  readonly probability: number | null;
}

/**
 * A gap between two words is wider than this share of the height of what is drawn, and than this many times the median gap of
 * the line. On the shared and drawn lines spaces were 0.32 and more of the height, gaps between letters 0.24 and less.
 */
const LEAST_GAP_SHARE = 0.28;
const LEAST_GAP_MEDIANS = 1.8;
const BLANK = 0.01;

/**
 * Puts in what the recogniser left out: spaces between words of Latin and other spaced scripts (none at the ends), and a mark for each
 * character that is drawn but was not written.
 */
export function completed(characters: readonly Placed[], ink: Ink): LineCharacter[] {
  const gaps = characters.map((one, at) => gapBetween(one, characters[at + 1], ink));
  const known = gaps.filter((gap) => gap !== null).sort((a, b) => a - b);
  const least = Math.max(LEAST_GAP_SHARE * inkHeight(ink), LEAST_GAP_MEDIANS * (known[known.length >> 1] ?? 0));
  const missing = missingBehind(characters, ink);
  const spaced: LineCharacter[] = [];
  for (const [at, { text, probability }] of characters.entries()) {
    spaced.push({ text, probability });
    for (let count = missing[at] ?? 0; count > 0; count -= 1) spaced.push({ text: MISSING, probability: null });
    const gap = gaps[at];
    if (typeof gap === 'number' && gap >= least) spaced.push({ text: ' ', probability: null });
  }
  while (spaced[0]?.text === ' ') spaced.shift();
  while (spaced.at(-1)?.text === ' ') spaced.pop();
  return spaced;
}

// The widest white between two characters that could have a space between them, else `null`.
function gapBetween(one: Placed, next: Placed | undefined, { columns }: Ink): number | null {
  if (!next || one.text === ' ' || next.text === ' ' || isWide(one.text) || isWide(next.text)) return null;
  const blanks = blanksIn(columns.subarray(Math.round(one.x), Math.round(next.x)), BLANK);
  return Math.max(0, ...blanks.map(([from, to]) => to - from));
}
