/** A point in pixels: x to the right, y down. */
export type Point = readonly [number, number];

/**
 * A rectangle that may be turned: its centre, its size along and across its own x axis, and the direction of that axis in
 * radians, clockwise as y goes down, between −π/4 and π/4.
 */
export interface Rectangle {
  readonly centre: Point;
  readonly width: number;
  readonly height: number;
  readonly angle: number;
}

/** The four corners, clockwise from the upper left one. */
export function cornersOf({ centre: [x, y], width, height, angle }: Rectangle): [Point, Point, Point, Point] {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const at = (along: number, across: number): Point => [x + along * c - across * s, y + along * s + across * c];
  const [w, h] = [width / 2, height / 2];
  return [at(-w, -h), at(w, -h), at(w, h), at(-w, h)];
}

/** The smallest rectangle around some points (rotating calipers: one side lies along a side of the convex hull). */
export function rectangleAround(points: readonly Point[]): Rectangle {
  const hull = convexHull(points);
  let best: Rectangle = upright(hull, 0);
  for (const [at, [x, y]] of hull.entries()) {
    const [nextX, nextY] = hull[(at + 1) % hull.length] ?? [x, y];
    const quarter = Math.PI / 2;
    const direction = Math.atan2(nextY - y, nextX - x);
    const angle = direction - Math.round(direction / quarter) * quarter;
    const candidate = upright(hull, angle);
    if (candidate.width * candidate.height < best.width * best.height * 0.999) best = candidate;
  }
  return best;
}

function upright(points: readonly Point[], angle: number): Rectangle {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const [x, y] of points) {
    const along = x * c + y * s;
    const across = y * c - x * s;
    left = Math.min(left, along);
    right = Math.max(right, along);
    top = Math.min(top, across);
    bottom = Math.max(bottom, across);
  }
  const [along, across] = [(left + right) / 2, (top + bottom) / 2];
  const centre: Point = [along * c - across * s, along * s + across * c];
  return { centre, width: right - left, height: bottom - top, angle };
}

// Andrew's monotone chain.
function convexHull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (from: readonly Point[]): Point[] => {
    const chain: Point[] = [];
    for (const point of from) {
      while (chain.length >= 2 && !turnsLeft(chain.at(-2), chain.at(-1), point)) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  if (sorted.length < 3) return sorted;
  return [...half(sorted), ...half(sorted.reverse())];
}

function turnsLeft(a: Point | undefined, b: Point | undefined, c: Point): boolean {
  if (!a || !b) return true;
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) > 0;
}
