import type { KindLimits } from '#contract/capabilities.ts';
import type { MediaPart } from '#contract/media.ts';
import type { CallContext } from '#contract/ports.ts';
import { canFit } from './can-fit.ts';
import type { Accepts } from './forms.ts';
import { fitPicture } from './picture/fit.ts';
import { fitSound } from './sound/fit.ts';
import type { Tools } from './tools.ts';
import { fitVideo } from './video/fit.ts';
import { cannotFit } from './words.ts';

/**
 * Brings a medium into what the model takes by the least harmful change: the very same part where it fits already, else a
 * new one, or several where a recording is split. Each new part lies in a temporary file that its `close` removes; the
 * original stays the caller's, and a new part's sound is read from it. Each change is noted as a loss with what it was and
 * became. Throws `native.cannot-fit`, `kit.disk-full`, `kit.cancelled`.
 */
export async function fitMedia(
  part: MediaPart,
  limits: KindLimits | undefined,
  accepts: Accepts,
  context: CallContext & { readonly tools?: Tools | undefined },
): Promise<readonly MediaPart[]> {
  const can = canFit(part.media, limits, accepts);
  if (can !== true) throw cannotFit(part, `it takes ${part.media.kind}, but ${can}`, 'Convert or shrink it first.');
  switch (part.media.kind) {
    case 'image':
      return [await fitPicture(part, limits, accepts, context)];
    case 'audio':
      return fitSound(part, limits, accepts, context);
    case 'video':
      return fitVideo(part, limits, accepts, context);
    default:
      return [part];
  }
}
