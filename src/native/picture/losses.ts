import { lossOf } from '#contract/loss.ts';
import type { MediaPart } from '#contract/media.ts';
import type { CallContext } from '#contract/ports.ts';
import { inPixels, inWords } from '../words.ts';
import type { MadePicture } from './fit.ts';
import type { PictureLook } from './look.ts';

/** Notes what became of a picture, one loss for each change. */
export function notePictureLosses(
  from: MediaPart,
  look: PictureLook,
  to: MediaPart,
  { geometry: { content, canvas }, step }: MadePicture,
  context: CallContext,
): void {
  const { part, name, mimeType } = from.media;
  const change = {
    stage: 'native',
    part,
    before: inWords(mimeType, inPixels(look), from.media.sizeBytes),
    after: inWords(to.media.mimeType, inPixels(canvas), to.media.sizeBytes),
  } as const;
  const isSmaller = content.width < look.width || content.height < look.height;
  const isLarger = content.width > look.width;
  const hasEdge = canvas.width > content.width || canvas.height > content.height;
  if (isSmaller) {
    const share = (content.width * content.height) / (look.width * look.height);
    context.note(
      lossOf({
        ...change,
        kind: 'downscaled',
        extent: Math.round((1 - share) * 1_000) / 10,
        unit: '% of its pixels',
        message: `${name} was made smaller, from ${inPixels(look)} to ${inPixels(content)} pixels, to be within what the model takes.`,
        action: 'small details may no longer be seen',
      }),
    );
  }
  if (!isSmaller || hasEdge || step > 0 || mimeType !== to.media.mimeType) {
    const how = [
      mimeType === to.media.mimeType ? 'stored anew' : `stored as ${to.media.mimeType}`,
      ...(step > 0 ? ['at a lower quality'] : []),
      ...(isLarger ? ['enlarged without smoothing'] : []),
      ...(hasEdge ? ['with a white edge around it'] : []),
      ...(look.orientation === 1 ? [] : ['turned upright']),
    ];
    context.note(
      lossOf({ ...change, kind: 're-encoded', message: `${name} was ${how.join(', ')}, as the model takes it.` }),
    );
  }
  if (look.frames > 1) {
    const what = mimeType === 'image/tiff' ? 'pages' : 'frames';
    context.note(
      lossOf({
        ...change,
        kind: 'frames-sampled',
        extent: look.frames - 1,
        unit: what,
        message: `Only the first of ${look.frames} ${what} of ${name} reached the model.`,
        action: 'the others were left out',
      }),
    );
  }
}
