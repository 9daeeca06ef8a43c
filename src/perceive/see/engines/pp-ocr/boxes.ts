import { cornersOf, type Point, type Rectangle, rectangleAround } from './rectangle.ts';

/** The detector's answer: for each spot, how probably it lies in the middle of a line of writing. */
export interface TextMap {
  readonly width: number;
  readonly height: number;
  readonly probabilities: Float32Array;
}

/** Settings of Differentiable Binarization as PP-OCR runs it (PaddleOCR, `tools/infer/utility.py`). */
const IN_TEXT_FROM = 0.3;
const BOX_SCORE_FROM = 0.6;
const UNCLIP = 1.5;
const LEAST_SIDE = 3;
const MOST_BOXES = 3_000;

/** Boxes around lines of writing, in the map's own pixels, each with its mean probability. */
export function boxesIn(map: TextMap): readonly { readonly box: Rectangle; readonly score: number }[] {
  const found: { box: Rectangle; score: number }[] = [];
  for (const outline of blobsIn(map)) {
    if (found.length >= MOST_BOXES) break;
    const core = rectangleAround(outline);
    if (Math.min(core.width, core.height) < LEAST_SIDE) continue;
    const score = meanIn(core, map);
    if (score < BOX_SCORE_FROM) continue;
    // The detector marks a shrunken core of each line; this undoes it.
    const grow = (core.width * core.height * UNCLIP) / (2 * (core.width + core.height));
    const box = { ...core, width: core.width + 2 * grow, height: core.height + 2 * grow };
    if (Math.min(box.width, box.height) >= LEAST_SIDE + 2) found.push({ box, score });
  }
  return found;
}

// The ends of each row of every connected blob: all that its hull can touch.
function* blobsIn({ width, height, probabilities }: TextMap): Generator<Point[]> {
  const seen = new Uint8Array(width * height);
  const isText = (at: number) => (probabilities[at] ?? 0) > IN_TEXT_FROM;
  const stack: number[] = [];
  for (let start = 0; start < seen.length; start += 1) {
    if (seen[start] === 1 || !isText(start)) continue;
    const rows = new Map<number, [number, number]>();
    seen[start] = 1;
    stack.push(start);
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      const [x, y] = [at % width, Math.floor(at / width)];
      const row = rows.get(y);
      if (!row) rows.set(y, [x, x]);
      else if (x < row[0]) row[0] = x;
      else if (x > row[1]) row[1] = x;
      for (let nearY = Math.max(0, y - 1); nearY <= Math.min(height - 1, y + 1); nearY += 1) {
        for (let nearX = Math.max(0, x - 1); nearX <= Math.min(width - 1, x + 1); nearX += 1) {
          const near = nearY * width + nearX;
          if (seen[near] === 1 || !isText(near)) continue;
          seen[near] = 1;
          stack.push(near);
        }
      }
    }
    yield [...rows].flatMap(([y, [left, right]]): Point[] => [
      [left, y],
      [right + 1, y],
      [left, y + 1],
      [right + 1, y + 1],
    ]);
  }
}

function meanIn(box: Rectangle, { width, height, probabilities }: TextMap): number {
  const corners = cornersOf(box);
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  const [c, s] = [Math.cos(box.angle), Math.sin(box.angle)];
  let [sum, count] = [0, 0];
  for (let y = Math.max(0, Math.floor(Math.min(...ys))); y < Math.min(height, Math.max(...ys)); y += 1) {
    for (let x = Math.max(0, Math.floor(Math.min(...xs))); x < Math.min(width, Math.max(...xs)); x += 1) {
      const [dx, dy] = [x + 0.5 - box.centre[0], y + 0.5 - box.centre[1]];
      if (Math.abs(dx * c + dy * s) > box.width / 2 || Math.abs(dy * c - dx * s) > box.height / 2) continue;
      sum += probabilities[y * width + x] ?? 0;
      count += 1;
    }
  }
  return count === 0 ? 0 : sum / count;
}
