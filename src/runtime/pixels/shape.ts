import type { Pixels } from '#contract/media.ts';
import { loadSharp } from './sharp.ts';

/** A rectangle in pixels; `left` and `top` count from the upper left corner. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** The picture as a PNG file. */
export async function encodePng(pixels: Pixels): Promise<Uint8Array> {
  return (await opened(pixels)).png().toBuffer();
}

/** The picture as a JPEG file; `quality` is 1–100. */
export async function encodeJpeg(pixels: Pixels, quality = 90): Promise<Uint8Array> {
  return (await opened(pixels)).jpeg({ quality }).toBuffer();
}

/** The picture at another size, filtered (Lanczos); its proportions are what is asked for. */
export async function resize(pixels: Pixels, widthPx: number, heightPx: number): Promise<Pixels> {
  if (widthPx === pixels.widthPx && heightPx === pixels.heightPx) return pixels;
  return closed((await opened(pixels)).resize(Math.max(1, widthPx), Math.max(1, heightPx), { fit: 'fill' }));
}

/** The picture turned clockwise by any angle; corners that were outside are white. */
export async function rotate(pixels: Pixels, degrees: number): Promise<Pixels> {
  return closed((await opened(pixels)).rotate(degrees, { background: '#fff' }));
}

/** A part of the picture; what reaches beyond its edges is left out. */
export async function crop(pixels: Pixels, area: Area): Promise<Pixels> {
  const left = Math.min(Math.max(0, Math.round(area.left)), pixels.widthPx - 1);
  const top = Math.min(Math.max(0, Math.round(area.top)), pixels.heightPx - 1);
  const width = Math.max(1, Math.min(Math.round(area.left + area.widthPx), pixels.widthPx) - left);
  const height = Math.max(1, Math.min(Math.round(area.top + area.heightPx), pixels.heightPx) - top);
  return closed((await opened(pixels)).extract({ left, top, width, height }));
}

async function opened({ widthPx, heightPx, rgb }: Pixels) {
  const sharp = await loadSharp();
  return sharp(rgb, { raw: { width: widthPx, height: heightPx, channels: 3 }, limitInputPixels: false });
}

async function closed(picture: Awaited<ReturnType<typeof opened>>): Promise<Pixels> {
  const { data, info } = await picture.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  return { widthPx: info.width, heightPx: info.height, rgb: new Uint8Array(data) };
}
