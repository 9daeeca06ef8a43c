import type { Pixels } from '#contract/media.ts';

/** A straight line that is drawn: across the picture (`at` is y) or down it (`at` is x), from one end to the other. */
export interface Rule {
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

export interface Rules {
  readonly across: readonly Rule[];
  readonly down: readonly Rule[];
}

const LOOKED_AT_PX = 1_500;
/** A rule is at least this long, of the picture's longer side, and is darker or lighter than what lies beside it by so much. */
const LEAST_LENGTH = 0.04;
const LEAST_CONTRAST = 40;
const BESIDE_PX = 4;
/** A rule may have holes of so many pixels. */
const MOST_HOLE_PX = 3;

/** Finds ruled lines: long straight runs of pixels that differ from those on both sides. */
export function rulesIn(picture: Pixels): Rules {
  const step = Math.max(1, Math.ceil(Math.max(picture.widthPx, picture.heightPx) / LOOKED_AT_PX));
  const [width, height] = [Math.floor(picture.widthPx / step), Math.floor(picture.heightPx / step)];
  const grey = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) grey[y * width + x] = darkest(picture, x * step, y * step, step);
  }
  const least = Math.max(24, LEAST_LENGTH * Math.max(width, height));
  const scaled = (rules: readonly Rule[]) =>
    rules.map(({ at, from, to }) => ({ at: (at + 0.5) * step, from: from * step, to: to * step }));
  return {
    across: scaled(runsIn((along, at) => grey[at * width + along] ?? 0, width, height, least)),
    down: scaled(runsIn((along, at) => grey[along * width + at] ?? 0, height, width, least)),
  };
}

// Thin dark lines must survive being made smaller.
function darkest({ widthPx, rgb }: Pixels, left: number, top: number, step: number): number {
  let least = 255;
  for (let y = top; y < top + step; y += 1) {
    for (let x = left; x < left + step; x += 1) {
      const at = (y * widthPx + x) * 3;
      least = Math.min(least, ((rgb[at] ?? 0) + (rgb[at + 1] ?? 0) + (rgb[at + 2] ?? 0)) / 3);
    }
  }
  return least;
}

function runsIn(pixel: (along: number, at: number) => number, length: number, count: number, least: number): Rule[] {
  const found: Rule[] = [];
  for (let at = 0; at < count; at += 1) {
    let [from, last] = [-1, -1];
    for (let along = 0; along <= length; along += 1) {
      const drawn = along < length && isDrawn(pixel, along, at, count);
      if (drawn) {
        if (from < 0) from = along;
        last = along;
      } else if (from >= 0 && (along === length || along - last > MOST_HOLE_PX)) {
        if (last - from >= least) add(found, { at, from, to: last });
        from = -1;
      }
    }
  }
  return found;
}

function isDrawn(pixel: (along: number, at: number) => number, along: number, at: number, count: number): boolean {
  const here = pixel(along, at);
  const before = at < BESIDE_PX ? here + LEAST_CONTRAST : pixel(along, at - BESIDE_PX);
  const behind = at + BESIDE_PX >= count ? here + LEAST_CONTRAST : pixel(along, at + BESIDE_PX);
  return before - here >= LEAST_CONTRAST && behind - here >= LEAST_CONTRAST;
}

// A rule of several pixels is one rule.
function add(found: Rule[], rule: Rule): void {
  const place = found.findIndex(
    (other) => rule.at - other.at <= BESIDE_PX && rule.from < other.to && rule.to > other.from,
  );
  const other = found[place];
  if (!other) found.push(rule);
  else found[place] = { at: other.at, from: Math.min(other.from, rule.from), to: Math.max(other.to, rule.to) };
}
