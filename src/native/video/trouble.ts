import type { MediaPart } from '#contract/media.ts';
import { VideoTrouble } from '#runtime/video/file.ts';
import { failedChange } from '../tools.ts';
import { cannotFit } from '../words.ts';

/** What came of reading a video; trouble with it is `native.cannot-fit`. */
export async function fittable<T>(part: MediaPart, read: Promise<T>): Promise<T> {
  try {
    return await read;
  } catch (error) {
    if (!(error instanceof VideoTrouble)) throw error;
    if (error.why === 'no-pictures')
      throw cannotFit(part, 'no pictures are found in it', 'Check that it plays elsewhere.');
    if (error.why === 'no-length') throw cannotFit(part, 'it does not say how long it is', 'Convert it to MP4.');
    throw failedChange(part, { outcome: error.why, stderr: error.message });
  }
}
