import type { Pixels } from '#contract/media.ts';
import { laidSideBySide } from './column.ts';
import type { Network } from './detect.ts';
import { type Ink, inkHeight, inkOf } from './ink.ts';
import { type Placed, recognise, STRIP_PX } from './recognise.ts';
import { cornersOf, type Point, type Rectangle } from './rectangle.ts';
import { lookAt } from './strip.ts';

/** How a line is turned: its text runs to the right, down, to the left, up; or it is a column of upright characters. */
export type Turn = 0 | 90 | 180 | 270 | 'column';

/** A line as it was read. `box` begins where the text begins; `pxPerStripPx` turns widths in the strip into the picture's. */
export interface ReadLine {
  readonly characters: readonly Placed[];
  readonly turn: Turn;
  readonly box: readonly [Point, Point, Point, Point];
  readonly heightPx: number;
  readonly stripWidth: number;
  readonly ink: Ink;
}

/** A box this much higher than wide holds a column, or a line on its side. */
const TALL = 1.5;
/** A line read with less mean probability may be upside down; it is read that way too, and the better reading counts. */
const SURE = 0.9;
/** A whole picture is turned when this share of its characters is. */
const MOST = 0.5;
const LEAST_STRIP_PX = 16;
/** Readings of all tall boxes, by the sum of their probabilities: as sure, and surer than anything else. */
const ABOUT_AS_SURE = 0.9;
const MUCH_SURER = 1.2;

/** Reads the writing in some boxes of a picture, whichever way it is turned. */
export async function readLines(
  picture: Pixels,
  boxes: readonly Rectangle[],
  network: Network,
  alphabet: readonly string[],
  signal: AbortSignal,
): Promise<readonly ReadLine[]> {
  const read = async (wanted: readonly (readonly [Rectangle, Turn])[]): Promise<ReadLine[]> => {
    const strips = wanted.map(([box, turn]) => stripOf(picture, box, turn));
    const texts = await recognise(strips, network, alphabet, signal);
    return wanted.map(([box, turn], at) => lineOf(box, turn, strips[at] as Pixels, texts[at] ?? []));
  };
  const isTall = (box: Rectangle) => box.height > TALL * box.width;
  const wide = boxes.filter((box) => !isTall(box));
  const tall = boxes.filter(isTall);

  const upright = await read(wide.map((box) => [box, 0] as const));
  const unsure = upright.flatMap((line, at) => (certainty(line) < SURE ? [at] : []));
  const turned = await read(unsure.map((at) => [wide[at] as Rectangle, 180] as const));
  const best = [...upright];
  for (const [index, at] of unsure.entries()) {
    const other = turned[index];
    if (other && certainty(other) > certainty(upright[at] as ReadLine)) best[at] = other;
  }
  if (shareOf(best, 180) > MOST) {
    const rest = best.flatMap((line, at) => (line.turn === 180 ? [] : [at]));
    const again = await read(rest.map((at) => [wide[at] as Rectangle, 180] as const));
    for (const [index, at] of rest.entries()) best[at] = again[index] as ReadLine;
  }

  const tallWays = (['column', 90, 270] as const).map((turn) => read(tall.map((box) => [box, turn] as const)));
  const [column = [], down = [], up = []] = await Promise.all(tallWays);
  const sideways = bestWay(column, down, up);
  return [...best, ...sideways].filter((line) => line.characters.some(({ text }) => text.trim() !== ''));
}

/** The mean probability of a line's characters; 0 without any. */
function certainty({ characters }: { readonly characters: readonly { readonly probability: number }[] }): number {
  return characters.length === 0
    ? 0
    : characters.reduce((sum, { probability }) => sum + probability, 0) / characters.length;
}

/** Which share of all characters stands in lines with this turn. */
function shareOf(lines: readonly ReadLine[], turn: Turn): number {
  const count = (some: readonly ReadLine[]) => some.reduce((sum, line) => sum + line.characters.length, 0);
  return count(lines.filter((line) => line.turn === turn)) / Math.max(1, count(lines));
}

function lineOf(box: Rectangle, turn: Turn, strip: Pixels, characters: readonly Placed[]): ReadLine {
  const corners = cornersOf(box);
  const first = turn === 'column' ? 0 : turn / 90;
  const from = (at: number) => corners[(first + at) % 4] as Point;
  const ink = inkOf(strip);
  const across = turn === 0 || turn === 180 ? box.height : box.width;
  const drawn = turn === 'column' ? 0.8 : inkHeight(ink) / STRIP_PX;
  return {
    characters,
    turn,
    box: [from(0), from(1), from(2), from(3)],
    heightPx: drawn * across,
    stripWidth: strip.widthPx,
    ink,
  };
}

function stripOf(picture: Pixels, box: Rectangle, turn: Turn): Pixels {
  const corners = cornersOf(box);
  if (turn === 'column')
    return laidSideBySide(cutOut(picture, corners, 0, STRIP_PX, (STRIP_PX * box.height) / box.width));
  const lying = turn === 0 || turn === 180;
  const [length, across] = lying ? [box.width, box.height] : [box.height, box.width];
  return cutOut(picture, corners, turn / 90, Math.max(LEAST_STRIP_PX, (STRIP_PX * length) / across), STRIP_PX);
}

// What lies between corners, with the corner `first` as its upper left.
function cutOut(picture: Pixels, corners: readonly Point[], first: number, wide: number, high: number): Pixels {
  const [width, height] = [Math.round(wide), Math.round(high)];
  const at = (corner: number) => corners[(first + corner) % 4] as Point;
  const [origin, right, below] = [at(0), at(1), at(3)];
  const step = (to: Point, count: number): Point => [(to[0] - origin[0]) / count, (to[1] - origin[1]) / count];
  return lookAt(picture, { origin, along: step(right, width), across: step(below, height) }, width, height);
}

// The recogniser also reads characters that lie on their side, if their heads are to the left. So columns of upright ones read
// well as columns and with their heads to the left; lines whose text runs up read well as such and, backwards, as columns.
function bestWay(column: readonly ReadLine[], down: readonly ReadLine[], up: readonly ReadLine[]): readonly ReadLine[] {
  const total = (lines: readonly ReadLine[]) =>
    lines.reduce((sum, line) => sum + certainty(line) * line.characters.length, 0);
  const [asColumn, asDown, asUp] = [total(column), total(down), total(up)];
  const isColumn =
    asColumn > MUCH_SURER * Math.max(asDown, asUp) || (asDown >= asUp && asColumn > ABOUT_AS_SURE * asDown);
  return isColumn ? column : asDown >= asUp ? down : up;
}
