/** An opaque spot is light from this brightness on, of 255. */
const LIGHT = 170;
const BLUE = 2;

/**
 * Pixels without their alpha: laid on white, or on black where what is drawn is so light that white would swallow it. `data`
 * has 1 to 4 channels: grey or RGB, with or without alpha.
 */
export function flattened(data: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const count = data.length / channels;
  const hasAlpha = channels % 2 === 0;
  const [green, blue] = channels < 3 ? [0, 0] : [1, BLUE];
  const background = hasAlpha && isLight(data, channels, green, blue) ? 0 : 255;
  const rgb = new Uint8Array(count * 3);
  for (let from = 0, to = 0; from < data.length; from += channels, to += 3) {
    const alpha = hasAlpha ? (data[from + channels - 1] ?? 0) : 255;
    const under = background * (255 - alpha);
    rgb[to] = Math.round(((data[from] ?? 0) * alpha + under) / 255);
    rgb[to + 1] = Math.round(((data[from + green] ?? 0) * alpha + under) / 255);
    rgb[to + 2] = Math.round(((data[from + blue] ?? 0) * alpha + under) / 255);
  }
  return rgb;
}

// Weighted by how much each spot shows. Of a picture that is nearly all opaque, no background shows anyway.
function isLight(data: Uint8Array, channels: number, green: number, blue: number): boolean {
  let shown = 0;
  let light = 0;
  for (let from = 0; from < data.length; from += channels) {
    const alpha = data[from + channels - 1] ?? 0;
    shown += alpha;
    const brightness = ((data[from] ?? 0) + (data[from + green] ?? 0) + (data[from + blue] ?? 0)) / 3;
    if (brightness >= LIGHT) light += alpha;
  }
  return light > 0.9 * shown;
}
