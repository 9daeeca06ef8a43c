import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MediaPart } from '#contract/media.ts';
import { inFolder } from '#runtime/bench.ts';
import { decodePicture } from '#runtime/pixels/picture.ts';
import { type Area, crop, encodePng } from '#runtime/pixels/shape.ts';
import { madePart } from '../made.ts';
import type { FitContext } from '../tools.ts';

/** A rectangle of a picture, upright, as a PNG of its own. A picture of more than `maxPixels` is refused. Throws `see.*`. */
export async function cropOf(part: MediaPart, area: Area, maxPixels: number, context: FitContext): Promise<MediaPart> {
  const picture = await decodePicture(await part.bytes(), { maxPixels, signal: context.signal });
  const pixels = await crop(await picture.pixels(), area);
  return inFolder(context.signal, async (folder) => {
    const path = join(folder, 'piece.png');
    await writeFile(path, await encodePng(pixels), { mode: 0o600 });
    return madePart(part, path, { kind: 'image', mimeType: 'image/png' });
  });
}
