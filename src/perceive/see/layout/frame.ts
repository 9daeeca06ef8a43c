import type { Item } from './item.ts';

type Corner = readonly [number, number];

/** A line as it stands in a picture; `box` has its corners, clockwise from where the text begins. */
export interface PlacedLine {
  readonly text: string;
  readonly box: readonly Corner[];
  readonly vertical: boolean;
}

/** Tilts smaller than this, in radians, are left as they are. */
const LEAST_TILT = 0.005;

/** The picture's turn, by its text: how many quarters it was turned clockwise, and how many radians it is tilted besides. */
export function frameOf(lines: readonly PlacedLine[]): { readonly quarters: number; readonly tilt: number } {
  const votes = [0, 0, 0, 0];
  const angles = lines
    .filter((line) => !line.vertical)
    .map((line) => ({ angle: angleOf(line), weight: line.text.length }));
  for (const { angle, weight } of angles) {
    const quarter = quarterOf(angle);
    votes[quarter] = (votes[quarter] ?? 0) + weight;
  }
  const quarters = votes.indexOf(Math.max(...votes));
  const tilts = angles
    .filter(({ angle }) => quarterOf(angle) === quarters)
    .flatMap(({ angle, weight }) => Array<number>(weight).fill(nearZero(angle - (quarters * Math.PI) / 2)))
    .sort((a, b) => a - b);
  const tilt = tilts[tilts.length >> 1] ?? 0;
  return { quarters, tilt: Math.abs(tilt) < LEAST_TILT ? 0 : tilt };
}

/** The lines in a frame in which the text of most runs to the right. */
export function inFrame(lines: readonly PlacedLine[], { quarters, tilt }: { quarters: number; tilt: number }): Item[] {
  const angle = (quarters * Math.PI) / 2 + tilt;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return lines.map(({ text, box, vertical }, line) => {
    const turned = box.map(([x, y]) => [x * c + y * s, y * c - x * s] as const);
    const [xs, ys] = [turned.map(([x]) => x), turned.map(([, y]) => y)];
    return {
      line,
      text,
      vertical,
      left: Math.min(...xs),
      right: Math.max(...xs),
      top: Math.min(...ys),
      bottom: Math.max(...ys),
    };
  });
}

/** Whether a line's text runs another way than that of most. */
export function isTurned(line: PlacedLine, { quarters }: { quarters: number }): boolean {
  return !line.vertical && quarterOf(angleOf(line)) !== quarters;
}

function angleOf({ box: [from, to] }: PlacedLine): number {
  return from && to ? Math.atan2(to[1] - from[1], to[0] - from[0]) : 0;
}

const quarterOf = (angle: number) => ((Math.round(angle / (Math.PI / 2)) % 4) + 4) % 4;

function nearZero(angle: number): number {
  return Math.atan2(Math.sin(angle), Math.cos(angle));
}
