import { lossOf } from '#contract/loss.ts';
import type { MediaPart } from '#contract/media.ts';
import type { CallContext } from '#contract/ports.ts';
import type { VideoLook } from '#runtime/video/look.ts';
import { inPixels, inTime, inWords } from '../words.ts';
import type { MadeVideo } from './fit.ts';

/** Notes what became of a video, one loss for each change. */
export function noteVideoLosses(
  from: MediaPart,
  look: VideoLook,
  made: readonly MadeVideo[],
  parts: readonly MediaPart[],
  endMs: number,
  context: CallContext,
): void {
  const { part, name, mimeType, sizeBytes } = from.media;
  const size = made[0]?.size ?? look;
  const madeMs = made.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const keptMs = Math.min(endMs, madeMs);
  const bytes = parts.reduce((sum, { media }) => sum + media.sizeBytes, 0);
  const count = parts.length > 1 ? `${parts.length} × ` : '';
  const change = {
    stage: 'native',
    part,
    before: inWords(mimeType, `${inPixels(look)}, ${inTime(look.durationMs)}`, sizeBytes),
    after: `${count}${inWords('video/mp4', `${inPixels(size)}, ${inTime(madeMs)}`, bytes)}`,
  } as const;
  if (size.width < look.width - 1 || size.height < look.height - 1) {
    const share = (size.width * size.height) / (look.width * look.height);
    context.note(
      lossOf({
        ...change,
        kind: 'downscaled',
        extent: Math.round((1 - share) * 1_000) / 10,
        unit: '% of its pixels',
        message: `The pictures of ${name} were made smaller, from ${inPixels(look)} to ${inPixels(size)}, to be within what the model takes.`,
        action: 'small details may no longer be seen',
      }),
    );
  }
  const held = madeMs > look.durationMs + 100 ? ', its last picture held' : '';
  const how = made.every(({ isCopy }) => isCopy)
    ? 'put into an MP4, its pictures and its sound as they were'
    : `stored anew as MP4 (H.264)${parts.length > 1 ? `, in ${parts.length} pieces` : ''}${held}`;
  context.note(lossOf({ ...change, kind: 're-encoded', message: `${name} was ${how}, as the model takes it.` }));
  if (endMs >= look.durationMs) return;
  context.note(
    lossOf({
      ...change,
      kind: 'truncated',
      time: { startMs: Math.round(keptMs), endMs: Math.round(look.durationMs) },
      extent: Math.round(look.durationMs - keptMs),
      unit: 'ms',
      message: `Only the first ${inTime(keptMs)} of ${name}'s ${inTime(look.durationMs)} reached the model, which takes no more.`,
      action: 'what comes after was left out',
    }),
  );
}
