import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { KindLimits } from '#contract/capabilities.ts';
import { type Loss, lossOf } from '#contract/loss.ts';
import type { MediaPart } from '#contract/media.ts';
import { onBench } from '#runtime/bench.ts';
import { type Choice, chooseFrames } from '#runtime/video/choose.ts';
import { runOver, type VideoFile } from '#runtime/video/file.ts';
import { theseFrames } from '#runtime/video/frames.ts';
import { lookAtVideo, type VideoLook } from '#runtime/video/look.ts';
import { framesOfInput, isSkimmed, scoreFrames } from '#runtime/video/scenes.ts';
import { type Accepts, madeForms } from '../forms.ts';
import { madePart, madeParts } from '../made.ts';
import { fitPicture } from '../picture/fit.ts';
import { geometryFor } from '../picture/geometry.ts';
import { type FitContext, ffmpegFor } from '../tools.ts';
import { cannotFit, inPixels, inTime, inWords } from '../words.ts';
import { fittable } from './trouble.ts';

const TIMEOUT_MS = 600_000;
/** At least one frame for so much of a video, as far as there is room. */
const LOOK_EVERY_MS = 5_000;
const LEAST_FRAMES = 3;

/** A frame of a video as a picture, and when it is shown. */
export interface Frame {
  readonly part: MediaPart;
  readonly atMs: number;
}

/**
 * Frames of a video for a model that takes pictures and no videos: the first, and those where a scene begins, at most
 * `maxFrames`, each within `limits` (a picture's). What they leave unseen is noted, and that the sound is lost. Throws
 * `native.cannot-fit`, `kit.disk-full`, `kit.cancelled`.
 */
export async function framesOf(
  part: MediaPart,
  options: {
    readonly maxFrames: number;
    readonly limits: KindLimits | undefined;
    readonly accepts?: Accepts | undefined;
  },
  context: FitContext,
): Promise<readonly Frame[]> {
  const { limits, accepts = () => true } = options;
  const most = Math.floor(Math.min(options.maxFrames, limits?.maxCount ?? Number.POSITIVE_INFINITY));
  if (most < 1) throw cannotFit(part, 'there is no room for a single frame', 'Send fewer pictures with it.');
  if (limits?.addressOnly || madeForms('image', limits, accepts).length === 0) {
    throw cannotFit(part, 'it takes pictures in no form that can be made here', 'Choose a model that takes videos.');
  }
  const program = await ffmpegFor(part, context);
  return onBench(part, context.signal, async ({ folder, source }) => {
    const file = { program, path: source, mimeType: part.media.mimeType };
    const look = await fittable(part, lookAtVideo(file, context.signal));
    const input = framesOfInput(file, look.durationMs);
    const scored = await fittable(part, scoreFrames(file, input, context.signal));
    if (scored.length === 0) throw cannotFit(part, 'no frame of it can be read', 'Check that it plays elsewhere.');
    const durationMs = Math.max(look.durationMs, scored.at(-1)?.atMs ?? 0);
    const least = Math.max(LEAST_FRAMES, Math.ceil(durationMs / LOOK_EVERY_MS));
    const choice = chooseFrames(scored, durationMs, { least, most });

    const pictures = await extract({ part, file, input, look, limits, folder, frames: choice.frames, context });
    const fitted = await fitEach(pictures, limits, accepts, context);
    const times = choice.frames.map((frame) => Math.round(scored[frame]?.atMs ?? 0));
    noteFrameLosses(part, look, fitted, scored.length, choice, (loss) => context.note(loss));
    return fitted.map((picture, index) => ({ part: picture, atMs: times[index] ?? 0 }));
  });
}

/** Writes the chosen frames as pictures, no larger than the model takes. */
async function extract(job: {
  readonly part: MediaPart;
  readonly file: VideoFile;
  readonly input: readonly string[];
  readonly look: VideoLook;
  readonly limits: KindLimits | undefined;
  readonly folder: string;
  readonly frames: readonly number[];
  readonly context: FitContext;
}): Promise<MediaPart[]> {
  const { part, look, folder, frames } = job;
  // Only smaller: what has to become larger, or to get an edge, is a matter for pictures.
  const { maxSidePx, maxPixels } = job.limits ?? {};
  const size = geometryFor(look, { maxSidePx, maxPixels })?.content ?? look;
  const jpeg = ['-c:v', 'mjpeg', '-q:v', '2', '-pix_fmt', 'yuvj420p', '-f', 'image2'];
  const output = [...theseFrames(frames, size), ...jpeg, `file:${join(folder, 'frame-%05d.jpg')}`];
  const options = { signal: job.context.signal, timeoutMs: TIMEOUT_MS };
  await fittable(part, runOver(job.file, job.input, output, options));
  const files = (await readdir(folder)).filter((name) => name.startsWith('frame-')).sort();
  if (files.length !== frames.length) throw cannotFit(part, 'its frames cannot be read', 'Convert it to MP4.');
  return madeParts(files, (file, index) =>
    madePart(part, join(folder, file), { kind: 'image', mimeType: 'image/jpeg' }, { index: index + 1 }),
  );
}

/** Brings each frame into a form the model takes. What that costs is part of what is said of the frames as a whole. */
async function fitEach(
  pictures: readonly MediaPart[],
  limits: KindLimits | undefined,
  accepts: Accepts,
  context: FitContext,
): Promise<MediaPart[]> {
  const silent = { ...context, note: () => {} };
  const made = new Set<MediaPart>();
  try {
    return await madeParts(pictures, async (picture) => {
      const fitted = await fitPicture(picture, limits, accepts, silent);
      made.add(fitted);
      return fitted;
    });
  } finally {
    for (const picture of pictures) if (!made.has(picture)) await picture.close();
  }
}

function noteFrameLosses(
  { media, sound }: MediaPart,
  look: VideoLook,
  frames: readonly MediaPart[],
  total: number,
  { longestGapMs, cuts, cutsMissed }: Choice,
  note: (loss: Loss) => void,
): void {
  const { part, name, mimeType, sizeBytes } = media;
  const bytes = frames.reduce((sum, frame) => sum + frame.media.sizeBytes, 0);
  const what = isSkimmed(look.durationMs) ? 'key frames' : 'frames';
  const scenes = cutsMissed > 0 ? `, and ${cutsMissed} of its ${cuts} cuts are not among them` : '';
  note(
    lossOf({
      kind: 'frames-sampled',
      stage: 'native',
      part,
      extent: total - frames.length,
      unit: what,
      message: `The model saw ${frames.length} of ${total} ${what} of ${name}; the longest time between them is ${inTime(longestGapMs)}${scenes}.`,
      action: 'chosen where scenes begin',
      before: inWords(mimeType, `${inPixels(look)}, ${inTime(look.durationMs)}, ${total} ${what}`, sizeBytes),
      after: inWords(`${frames.length} × ${frames[0]?.media.mimeType ?? 'image/jpeg'}`, null, bytes),
    }),
  );
  if (!sound && look.soundCodec === null) return;
  note(
    lossOf({
      kind: 'sound-dropped',
      stage: 'native',
      part,
      message: `${name} has sound; frames have none.`,
      before: inWords(mimeType, inTime(look.durationMs), sizeBytes),
      after: `${frames.length} × ${frames[0]?.media.mimeType ?? 'image/jpeg'}`,
    }),
  );
}
