import type { MediaPart } from '#contract/media.ts';
import { inFolder } from '#runtime/bench.ts';
import { madePart, stretchOf } from '../made.ts';
import type { FitContext } from '../tools.ts';
import { cannotFit } from '../words.ts';
import type { Stretch } from './cuts.ts';
import { writeWavs } from './wavs.ts';

/** One stretch of a recording, or of a video's sound, as a WAV of its own. Throws `native.cannot-fit` where there is no sound to be cut. */
export async function clipOf(part: MediaPart, stretch: Stretch, context: FitContext): Promise<MediaPart> {
  const { sound } = part;
  if (!sound) throw cannotFit(part, 'it has no sound to cut a clip from', 'Send it as WAV or MP3.');
  const own = stretchOf(sound, stretch.startMs, stretch.endMs);
  const pieces = [{ startMs: 0, endMs: stretch.endMs - stretch.startMs }];
  return inFolder(context.signal, async (folder) => {
    const [path = ''] = await writeWavs(own, pieces, 0, folder, context.signal);
    return madePart(part, path, { kind: 'audio', mimeType: 'audio/wav' }, { sound: own });
  });
}
