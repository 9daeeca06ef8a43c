import type { DoubtfulSpan } from '#contract/ledger.ts';
import type { Picture, TextLine } from '#contract/perception.ts';
import { codePoints } from '#kit/code-points.ts';

/** A rectangle of a picture, in pixels from its upper left corner, with the lines that are in it. */
export interface Crop {
  readonly left: number;
  readonly top: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly text: string;
}

/** Most pieces of one picture. */
const MOST_CROPS = 3;

/**
 * The lines of a picture that a model had better see itself, as rectangles of it: those with the most doubtful characters, and those with a
 * character the reader cannot write. A line's own height of picture stands around each; what overlaps is one piece.
 */
export function cropsFor(
  spans: readonly Pick<DoubtfulSpan, 'start' | 'end' | 'pError'>[],
  { lines, widthPx, heightPx }: Pick<Picture, 'lines' | 'widthPx' | 'heightPx'>,
): Crop[] {
  const doubted = lines
    .map((line) => ({ line, doubt: doubtOf(line, spans) }))
    .filter(({ doubt }) => doubt > 0)
    .sort((a, b) => b.doubt - a.doubt);
  let chosen: Crop[] = [];
  for (const { line } of doubted) {
    const more = united([...chosen, around(line, widthPx, heightPx)]);
    if (more.length <= MOST_CROPS) chosen = more;
  }
  return chosen;
}

function doubtOf({ start, text, unwritable }: TextLine, spans: Parameters<typeof cropsFor>[0]): number {
  if (start === null) return unwritable ? 1 : 0;
  const end = start + codePoints(text);
  const own = spans.filter((span) => span.start < end && span.end > start);
  return Math.max(unwritable ? 1 : 0, ...own.map(({ pError }) => pError));
}

function around({ box, text }: TextLine, widthPx: number, heightPx: number): Crop {
  const [across, down] = [box.map(([x = 0]) => x), box.map(([, y = 0]) => y)];
  const edge = Math.max(4, Math.min(spread(across), spread(down)));
  const left = Math.max(0, Math.floor(Math.min(...across) - edge));
  const top = Math.max(0, Math.floor(Math.min(...down) - edge));
  const right = Math.min(widthPx, Math.ceil(Math.max(...across) + edge));
  const bottom = Math.min(heightPx, Math.ceil(Math.max(...down) + edge));
  return { left, top, widthPx: Math.max(1, right - left), heightPx: Math.max(1, bottom - top), text };
}

function spread(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}

/** Pieces that overlap become the rectangle around them, from the top down. */
function united(crops: readonly Crop[]): Crop[] {
  const made: Crop[] = [];
  for (const crop of [...crops].sort((a, b) => a.top - b.top || a.left - b.left)) {
    let one = crop;
    for (let at = made.findIndex((other) => overlap(one, other)); at >= 0; ) {
      const [other] = made.splice(at, 1);
      if (other) one = union(other, one);
      at = made.findIndex((left) => overlap(one, left));
    }
    made.push(one);
  }
  return made.sort((a, b) => a.top - b.top || a.left - b.left);
}

function overlap(one: Crop, other: Crop): boolean {
  const isBeside = one.left >= other.left + other.widthPx || other.left >= one.left + one.widthPx;
  const isBelow = one.top >= other.top + other.heightPx || other.top >= one.top + one.heightPx;
  return !isBeside && !isBelow;
}

function union(one: Crop, other: Crop): Crop {
  const [left, top] = [Math.min(one.left, other.left), Math.min(one.top, other.top)];
  return {
    ...{ left, top },
    widthPx: Math.max(one.left + one.widthPx, other.left + other.widthPx) - left,
    heightPx: Math.max(one.top + one.heightPx, other.top + other.heightPx) - top,
    text: one.text === other.text ? one.text : `${one.text}\n${other.text}`,
  };
}
