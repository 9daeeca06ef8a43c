import { pictureExtent } from '#kit/picture/extent.ts';
import { lookInto } from '#kit/picture/window.ts';
import type { Size } from './geometry.ts';
import { type Orientation, orientationOf } from './orientation.ts';

/** A picture as a person sees it: upright, with how it is stored and how many pictures are in it. */
export interface PictureLook extends Size {
  readonly orientation: Orientation;
  /** Frames or pages; 1 for most. */
  readonly frames: number;
}

const MAX_FRAMES = 10_000;

/** Reads a picture's head; `null` where it does not tell its size. */
export async function lookAt(path: string, mimeType: string): Promise<PictureLook | null> {
  const extent = await pictureExtent(path, mimeType, MAX_FRAMES);
  if (!extent) return null;
  const orientation = await lookInto(path, (file) => orientationOf(file, mimeType));
  const { width, height, frames } = extent;
  return orientation >= 5
    ? { width: height, height: width, orientation, frames }
    : { width, height, orientation, frames };
}
