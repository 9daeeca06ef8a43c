import { imageSize } from 'image-size';
import { gifExtent, pngFrames, webpFrames } from './animation.ts';
import { jpegExtent } from './jpeg.ts';
import { tiffExtent } from './tiff.ts';
import { type Extent, lookInto, type Window } from './window.ts';

const HEAD_BYTES = 512 * 1024;

/**
 * Reads a picture's extent from its head, without decoding anything; `null` where the head does not tell. JPEG, GIF and TIFF
 * are followed the way decoders follow them, so that a crafted one cannot show us other numbers than them.
 */
export async function pictureExtent(path: string, mimeType: string, maxFrames: number): Promise<Extent | null> {
  return lookInto(path, async (file) => {
    switch (mimeType) {
      case 'image/jpeg':
        return jpegExtent(file);
      case 'image/gif':
        return gifExtent(file, maxFrames);
      case 'image/tiff':
        return tiffExtent(file, maxFrames);
      case 'image/png':
      case 'image/apng':
        return sized(file, await pngFrames(file));
      case 'image/webp':
        return sized(file, await webpFrames(file, maxFrames));
      default:
        return sized(file, 1);
    }
  });
}

async function sized(file: Window, frames: number): Promise<Extent | null> {
  try {
    const { width, height } = imageSize(await file.read(0, HEAD_BYTES));
    return width > 0 && height > 0 ? { width, height, frames } : null;
  } catch {
    return null;
  }
}
