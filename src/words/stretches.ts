import { isHanUnit } from './lattice.ts';

/** A stretch of a text and the code point at which it begins. */
export interface Stretch {
  readonly text: string;
  readonly point: number;
}

/** Code units. Cutting a stretch into words takes about 1 kB of memory for each. */
const USUAL = 2000;

/**
 * A text in stretches that are cut into words one after the other, so that a long text needs no more memory than a short one.
 * They end where no word can be; only where 4,000 Chinese characters stand without a mark between them, anywhere.
 */
export function* stretchesOf(text: string): Generator<Stretch> {
  let point = 0;
  for (let from = 0; from < text.length; ) {
    const to = endOf(text, from);
    const stretch = text.slice(from, to);
    yield { text: stretch, point };
    point += pointsIn(stretch);
    from = to;
  }
}

function endOf(text: string, from: number): number {
  const most = Math.min(text.length, from + 2 * USUAL);
  let to = Math.min(text.length, from + USUAL);
  while (to < most && isHanUnit(text.charCodeAt(to))) to += 1;
  // Not between the halves of a surrogate pair.
  return to < text.length && isSecondHalf(text.charCodeAt(to)) ? to + 1 : to;
}

/** How many code points a stretch of text begins: the second half of a surrogate pair is none of its own. */
export function pointsIn(text: string): number {
  let points = 0;
  for (let unit = 0; unit < text.length; unit += 1) if (!isSecondHalf(text.charCodeAt(unit))) points += 1;
  return points;
}

function isSecondHalf(unit: number): boolean {
  return (unit & 0xfc00) === 0xdc00;
}
