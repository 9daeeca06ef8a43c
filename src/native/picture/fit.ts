import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { KindLimits } from '#contract/capabilities.ts';
import type { MediaPart } from '#contract/media.ts';
import { type Bench, onBench } from '#runtime/bench.ts';
import { type Accepts, madeForms, mostBytes, PICTURE_DEMUXERS, takesForm } from '../forms.ts';
import { madePart } from '../made.ts';
import { change, type FitContext, ffmpegFor } from '../tools.ts';
import { cannotFit, inBytes } from '../words.ts';
import { type Geometry, geometryFor, namesSides, type Size, sizeFits } from './geometry.ts';
import { lookAt, type PictureLook } from './look.ts';
import { notePictureLosses } from './losses.ts';
import { UPRIGHT } from './orientation.ts';
import { type Attempt, inQualities, isLossless, whenShrunk } from './qualities.ts';

const TIMEOUT_MS = 120_000;
const MAX_SHRINKS = 12;

/** Brings a picture into what the model takes; the same part where it fits. Throws `native.cannot-fit`. */
export async function fitPicture(
  part: MediaPart,
  limits: KindLimits | undefined,
  accepts: Accepts,
  context: FitContext,
): Promise<MediaPart> {
  const { media } = part;
  const fitsAsFile = takesForm(media, limits, accepts) && media.sizeBytes <= mostBytes(limits);
  if (fitsAsFile && !namesSides(limits)) return part;
  return onBench(part, context.signal, async (bench) => {
    const look = await lookAt(bench.source, media.mimeType);
    if (!look) throw cannotFit(part, 'it does not say how large it is', 'Export it again, as PNG or JPEG.');
    if (fitsAsFile && sizeFits(look, limits)) return part;
    if (!Object.hasOwn(PICTURE_DEMUXERS, media.mimeType)) {
      throw cannotFit(part, `nothing here reads ${media.mimeType}`, 'Send it as PNG or JPEG.');
    }
    const forms = madeForms('image', limits, accepts);
    const best = await firstThatFits(part, look, limits, forms, bench, context);
    const made = await madePart(part, best.path, { kind: 'image', mimeType: best.mimeType });
    notePictureLosses(part, look, made, best, context);
    return made;
  });
}

/** A picture as it was made: where it lies, how it was coded and what it measures. */
export interface MadePicture extends Attempt {
  readonly path: string;
  readonly geometry: Geometry;
}

/** Without loss first, then with less and less quality, and only then smaller. */
async function firstThatFits(
  part: MediaPart,
  look: PictureLook,
  limits: KindLimits | undefined,
  forms: readonly string[],
  bench: Bench,
  context: FitContext,
): Promise<MadePicture> {
  const program = await ffmpegFor(part, context);
  const most = mostBytes(limits);
  let geometry = geometryFor(look, limits);
  if (!geometry) throw cannotFit(part, 'its sides and those the model takes cannot be brought together', HINT);
  const tried: (Attempt & { readonly sizeBytes: number })[] = [];
  for (const attempt of inQualities(forms, isLossless(part.media.mimeType))) {
    const path = await encode(part, program, bench, look, geometry, attempt, context);
    const { size: sizeBytes } = await stat(path);
    if (sizeBytes <= most) return { ...attempt, path, geometry };
    tried.push({ ...attempt, sizeBytes });
  }
  const attempt = whenShrunk(tried);
  if (!attempt) throw cannotFit(part, 'it takes pictures in no form that can be made here', HINT);

  let { sizeBytes } = attempt;
  for (let shrink = 0; shrink < MAX_SHRINKS; shrink++) {
    const { width, height }: Size = geometry.canvas;
    const maxPixels = Math.floor(width * height * Math.min(0.8, most / sizeBytes));
    geometry = geometryFor(look, { ...limits, maxPixels: Math.min(maxPixels, limits?.maxPixels ?? maxPixels) });
    if (!geometry) break;
    const path = await encode(part, program, bench, look, geometry, attempt, context);
    sizeBytes = (await stat(path)).size;
    if (sizeBytes <= most) return { ...attempt, path, geometry };
  }
  throw cannotFit(part, `even as small as may be it has more than ${inBytes(most)}`, HINT);
}

const HINT = 'Crop or shrink it, or choose a model that takes larger ones.';

async function encode(
  part: MediaPart,
  program: string,
  { folder, source }: Bench,
  look: PictureLook,
  { content, canvas }: Geometry,
  { coding, hasAlpha }: Attempt,
  context: FitContext,
): Promise<string> {
  const path = join(folder, 'made');
  const enlarged = content.width > look.width;
  // Orientation is ours to apply: versions of ffmpeg differ in whether they heed it, and a later reader must not turn it again.
  const picture = [
    ...UPRIGHT[look.orientation],
    'sidedata=delete',
    `scale=${content.width}:${content.height}:flags=${enlarged ? 'neighbor' : 'lanczos'}${look.frames > 1 ? ':force_original_aspect_ratio=decrease' : ''}`,
    'setsar=1',
    'format=rgba',
  ].join();
  // Pages may differ in size, and the look tells the largest: the first then lies on paper too.
  const isSame = canvas.width === content.width && canvas.height === content.height && look.frames === 1;
  // What shines through and what is added around is white, as paper; a form that knows transparency keeps it.
  const onPaper = `color=white:s=${canvas.width}x${canvas.height}:r=1,format=rgba[paper];[0:v:0]${picture}[picture];[paper][picture]overlay=(W-w)/2:(H-h)/2:format=rgb,${hasAlpha ? 'format=rgb24' : 'null'}[out]`;
  const asItIs = `[0:v:0]${picture.replace(/format=rgba$/, 'format=rgb24|rgba')}[out]`;
  await change(
    part,
    program,
    ['-noautorotate', '-f', PICTURE_DEMUXERS[part.media.mimeType] as string, '-i', `file:${source}`],
    [
      '-filter_complex',
      hasAlpha && isSame ? asItIs : onPaper,
      '-map',
      '[out]',
      '-frames:v',
      '1',
      '-map_metadata',
      '-1',
      ...coding,
      `file:${path}`,
    ],
    { signal: context.signal, timeoutMs: TIMEOUT_MS },
  );
  return path;
}
