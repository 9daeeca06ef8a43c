import type { Pixels } from '#contract/media.ts';
import type { Point } from './rectangle.ts';

/** Where to look in a picture: from `origin`, `along` is one step to the right in what comes out, `across` one step down. */
export interface View {
  readonly origin: Point;
  readonly along: Point;
  readonly across: Point;
}

/**
 * Looks at a part of a picture, turned and scaled as the view says: bilinear, averaged where it gets smaller. What lies beyond
 * the edge looks like the edge.
 */
export function lookAt({ widthPx, heightPx, rgb }: Pixels, view: View, width: number, height: number): Pixels {
  const [alongX, alongY] = view.along;
  const [acrossX, acrossY] = view.across;
  const across = Math.max(1, Math.round(Math.hypot(acrossX, acrossY)));
  const along = Math.max(1, Math.round(Math.hypot(alongX, alongY)));
  const out = new Uint8Array(width * height * 3);
  const [maxX, maxY] = [widthPx - 1, heightPx - 1];
  const taps = along * across;
  for (let y = 0, to = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, to += 3) {
      let [red, green, blue] = [0, 0, 0];
      for (let tap = 0; tap < taps; tap += 1) {
        const right = x + ((tap % along) + 0.5) / along;
        const down = y + (Math.floor(tap / along) + 0.5) / across;
        const sourceX = Math.min(maxX, Math.max(0, view.origin[0] + right * alongX + down * acrossX - 0.5));
        const sourceY = Math.min(maxY, Math.max(0, view.origin[1] + right * alongY + down * acrossY - 0.5));
        const [left, top] = [Math.floor(sourceX), Math.floor(sourceY)];
        const [dx, dy] = [sourceX - left, sourceY - top];
        const at = (top * widthPx + left) * 3;
        const stepX = left < maxX ? 3 : 0;
        const stepY = top < maxY ? widthPx * 3 : 0;
        const [a, b, c, d] = [(1 - dx) * (1 - dy), dx * (1 - dy), (1 - dx) * dy, dx * dy];
        const [atB, atC, atD] = [at + stepX, at + stepY, at + stepX + stepY];
        red += a * (rgb[at] ?? 0) + b * (rgb[atB] ?? 0) + c * (rgb[atC] ?? 0) + d * (rgb[atD] ?? 0);
        green += a * (rgb[at + 1] ?? 0) + b * (rgb[atB + 1] ?? 0) + c * (rgb[atC + 1] ?? 0) + d * (rgb[atD + 1] ?? 0);
        blue += a * (rgb[at + 2] ?? 0) + b * (rgb[atB + 2] ?? 0) + c * (rgb[atC + 2] ?? 0) + d * (rgb[atD + 2] ?? 0);
      }
      out[to] = Math.round(red / taps);
      out[to + 1] = Math.round(green / taps);
      out[to + 2] = Math.round(blue / taps);
    }
  }
  return { widthPx: width, heightPx: height, rgb: out };
}

/** The picture as a network takes it: planes of blue, green and red, each less its mean and over its deviation. */
export function planesOf(
  { widthPx, heightPx, rgb }: Pixels,
  { mean, deviation }: { readonly mean: readonly number[]; readonly deviation: readonly number[] },
  into: { readonly data: Float32Array; readonly at: number; readonly rowLength: number },
): void {
  const plane = into.rowLength * heightPx;
  for (let channel = 0; channel < 3; channel += 1) {
    const scale = 1 / (255 * (deviation[channel] ?? 1));
    const shift = (mean[channel] ?? 0) / (deviation[channel] ?? 1);
    for (let y = 0; y < heightPx; y += 1) {
      let to = into.at + channel * plane + y * into.rowLength;
      let from = y * widthPx * 3 + 2 - channel;
      for (let x = 0; x < widthPx; x += 1, to += 1, from += 3) into.data[to] = (rgb[from] ?? 0) * scale - shift;
    }
  }
}
