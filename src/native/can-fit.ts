import type { KindLimits } from '#contract/capabilities.ts';
import type { Media } from '#contract/media.ts';
import { FORMATS } from '#runtime/demuxers.ts';
import { knownFfmpeg } from '#runtime/ffmpeg.ts';
import { type Accepts, madeForms, mostBytes, PICTURE_DEMUXERS, takesForm } from './forms.ts';
import { inBytes, NO_FFMPEG } from './words.ts';

/**
 * Whether a medium can be brought into a form the model and its dialect take, as far as that shows without touching its
 * bytes; else why not, as a clause that completes "the model takes image, but …". `ffmpeg` is where it is: `null` if nowhere,
 * `undefined` if nobody has looked yet.
 */
export function canFit(
  media: Media,
  limits: KindLimits | undefined,
  accepts: Accepts,
  ffmpeg: string | null | undefined = knownFfmpeg(),
): true | string {
  const { kind, mimeType, sizeBytes } = media;
  if (limits?.addressOnly) return 'only as an address that its own servers can fetch';
  if (limits?.maxCount === 0) return 'none at once';
  const most = mostBytes(limits);
  const isTaken = takesForm(media, limits, accepts);
  if (isTaken && sizeBytes <= most) return true;

  if (kind === 'document' || kind === 'text') {
    return isTaken ? `at most ${inBytes(most)} of it, and this has ${inBytes(sizeBytes)}` : `not as ${mimeType}`;
  }
  const forms = madeForms(kind, limits, accepts);
  if (forms.length === 0) {
    return isTaken
      ? `at most ${inBytes(most)} of it, and nothing here makes it smaller`
      : `not as ${mimeType}, and in no form that can be made here`;
  }
  if (kind === 'image' && !Object.hasOwn(PICTURE_DEMUXERS, mimeType))
    return `not as ${mimeType}, which nothing here reads`;
  if (kind === 'video' && !Object.hasOwn(FORMATS, bare(mimeType)))
    return `not as ${mimeType}, which nothing here reads`;
  return ffmpeg === null && !forms.includes('audio/wav') ? `not as it is, and ${NO_FFMPEG}` : true;
}

/** Whether frames of a video can be handed over as pictures; else why not, as a clause that completes "…, but …". */
export function canMakeFrames(accepts: Accepts, ffmpeg: string | null | undefined = knownFfmpeg()): true | string {
  if (madeForms('image', undefined, accepts).length === 0) return 'its pictures in no form that can be made here';
  return ffmpeg === null ? `not as pictures: ${NO_FFMPEG}` : true;
}

function bare(mimeType: string): string {
  return mimeType.split(';', 1)[0] as string;
}
