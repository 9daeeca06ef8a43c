import { type Loss, lossOf } from '#contract/loss.ts';
import type { Pixels } from '#contract/media.ts';
import type { PictureShape } from './files.ts';

type Size = Pick<Pixels, 'widthPx' | 'heightPx'>;

/** The model looks at fewer pixels than there are. */
export function smaller(from: Size, to: PictureShape, engine: string): Loss | null {
  const share = Math.max(to.widthPx / from.widthPx, to.heightPx / from.heightPx);
  if (share >= 1) return null;
  const [before, after] = [from, to].map(({ widthPx, heightPx }) => `${widthPx}×${heightPx}`);
  return lossOf({
    kind: 'downscaled',
    stage: 'embed',
    engine,
    extent: Math.round(share * 1000) / 1000,
    unit: 'of each side',
    message: `${engine} looks at ${after} pixels (of ${before}): small things do not count.`,
    action: 'The vector stands for the smaller picture.',
    before: before ?? '',
    after: after ?? '',
  });
}

/** The model looks at the middle square alone. */
export function cutAtTheEdges(
  from: Size,
  { widthPx, heightPx, cropsToMiddle }: PictureShape,
  engine: string,
): Loss | null {
  if (!cropsToMiddle) return null;
  const [ratio, wanted] = [from.widthPx / from.heightPx, widthPx / heightPx];
  const left = 1 - Math.min(ratio, wanted) / Math.max(ratio, wanted);
  if (left < 0.01) return null;
  return lossOf({
    kind: 'truncated',
    stage: 'embed',
    engine,
    extent: Math.round(left * 1000) / 1000,
    unit: 'share of the picture',
    message: `${engine} looks at the middle of a picture: ${Math.round(left * 100)} % at two edges were cut off.`,
    action: 'The vector stands for the middle.',
  });
}

/** Sound is kept at 16 kHz here, and the model was trained with 48 kHz. Whether anything was up there nobody measured. */
export function unheardHighs(engine: string): Loss {
  return lossOf({
    kind: 're-encoded',
    stage: 'embed',
    engine,
    certainty: 'unknown',
    message: `${engine} was trained on sound up to 24 kHz; what it is given ends at 8 kHz.`,
    action: 'Hiss, jingling and the like count less.',
    before: 'as recorded',
    after: '16 kHz, raised to 48 kHz',
  });
}

/** More than one window is in the vector, or some of the sound is in none. */
export function leftOutOfSound(
  sound: {
    readonly total: number;
    readonly window: number;
    readonly starts: readonly number[];
    readonly perMs: number;
  },
  engine: string,
): Loss | null {
  const { total, window, starts, perMs } = sound;
  if (starts.length === 1) return null;
  const seconds = Math.round(window / perMs / 1000);
  const left = 1 - Math.min(1, (starts.length * window) / total);
  if (left === 0) {
    return lossOf({
      kind: 'shortened',
      stage: 'embed',
      engine,
      extent: starts.length,
      unit: 'windows in one vector',
      message: `${engine} listens to ${seconds} s at a time: one vector stands for the mean of ${starts.length} such windows.`,
      action: 'Cut the recording into pieces and embed each.',
    });
  }
  return lossOf({
    kind: 'truncated',
    stage: 'embed',
    engine,
    extent: Math.round(left * 1000) / 1000,
    unit: 'share of the sound',
    message: `${engine} listened to ${starts.length} windows of ${seconds} s, spread over ${Math.round(total / perMs / 1000)} s; ${Math.round(left * 100)} % were left out.`,
    action: 'Cut the recording into pieces and embed each.',
  });
}
