import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { KindLimits } from '#contract/capabilities.ts';
import { type Loss, lossOf } from '#contract/loss.ts';
import type { MediaPart, Sound } from '#contract/media.ts';
import { inFolder } from '#runtime/bench.ts';
import { type Accepts, madeForms, mostBytes, takesForm } from '../forms.ts';
import { madePart, madeParts, stretchOf } from '../made.ts';
import { change, type FitContext, ffmpegFor } from '../tools.ts';
import { cannotFit, inBytes, inTime, inWords } from '../words.ts';
import { type Coding, codingFor, longestMs } from './codings.ts';
import { planPieces, type Stretch } from './cuts.ts';
import { loudnessOf } from './loudness.ts';
import { writeWavs } from './wavs.ts';

const TIMEOUT_MS = 300_000;
/** Where a model does not say how many recordings it takes, no more pieces than this are sent. */
export const PIECES_UNASKED = 16;
/** A shorter piece holds no word. */
const SHORTEST_PIECE_MS = 500;
const HINT = 'Cut or shorten it, or choose a model that takes longer recordings.';

/** Brings a recording into what the model takes: the same part, one stored anew, or pieces of it. */
export async function fitSound(
  part: MediaPart,
  limits: KindLimits | undefined,
  accepts: Accepts,
  context: FitContext,
): Promise<readonly MediaPart[]> {
  const { media, sound } = part;
  const fitsAsFile = takesForm(media, limits, accepts) && media.sizeBytes <= mostBytes(limits);
  if (fitsAsFile && limits?.minDurationMs === undefined && limits?.maxDurationMs === undefined) return [part];
  if (!sound) throw cannotFit(part, 'its sound cannot be read', 'Send it as WAV or MP3.');
  const { durationMs, levels } = await loudnessOf(sound, context.signal);
  const [least, longest] = [limits?.minDurationMs ?? 0, limits?.maxDurationMs ?? Number.POSITIVE_INFINITY];
  if (fitsAsFile && durationMs >= least && durationMs <= longest) return [part];

  const coding = codingFor(durationMs, limits, madeForms('audio', limits, accepts));
  if (!coding) throw cannotFit(part, 'it takes recordings in no form that can be made here', HINT);
  const longestPieceMs = longestMs(coding, limits);
  if (longestPieceMs < Math.max(SHORTEST_PIECE_MS, least) && longestPieceMs < Math.max(durationMs, least)) {
    throw cannotFit(part, `no piece of it is both long and small enough`, HINT);
  }
  const pieces = planPieces(levels, durationMs, {
    longestMs: longestPieceMs,
    shortestMs: Math.min(longestPieceMs / 2, Math.max(SHORTEST_PIECE_MS, least)),
    most: limits?.maxCount ?? PIECES_UNASKED,
  });
  const made = await inFolder(context.signal, (folder) =>
    make(part, sound, pieces, coding, least, folder, limits, context),
  );
  noteSoundLosses(part, durationMs, pieces, made, coding, least, (loss) => context.note(loss));
  return made;
}

async function make(
  part: MediaPart,
  sound: Sound,
  pieces: readonly Stretch[],
  coding: Coding,
  leastMs: number,
  folder: string,
  limits: KindLimits | undefined,
  context: FitContext,
): Promise<MediaPart[]> {
  const wavs = await writeWavs(sound, pieces, leastMs, folder, context.signal);
  const paths: string[] = [];
  for (const wav of wavs) {
    const path = coding.arguments ? join(folder, `made-${paths.length}`) : wav;
    if (coding.arguments) {
      await change(
        part,
        await ffmpegFor(part, context),
        ['-f', 'wav', '-i', `file:${wav}`],
        ['-map_metadata', '-1', '-fflags', '+bitexact', ...coding.arguments, `file:${path}`],
        { signal: context.signal, timeoutMs: TIMEOUT_MS },
      );
    }
    const { size } = await stat(path);
    if (size > mostBytes(limits)) throw cannotFit(part, `a piece of it has ${inBytes(size)}`, HINT);
    paths.push(path);
  }
  return madeParts(paths, (path, index) => {
    const { startMs, endMs } = pieces[index] as Stretch;
    return madePart(
      part,
      path,
      { kind: 'audio', mimeType: coding.mimeType },
      { index: pieces.length > 1 ? index + 1 : undefined, sound: stretchOf(sound, startMs, endMs) },
    );
  });
}

function noteSoundLosses(
  from: MediaPart,
  durationMs: number,
  pieces: readonly Stretch[],
  made: readonly MediaPart[],
  coding: Coding,
  leastMs: number,
  note: (loss: Loss) => void,
): void {
  const { part, name, mimeType, sizeBytes } = from.media;
  const keptMs = pieces.at(-1)?.endMs ?? 0;
  const bytes = made.reduce((sum, { media }) => sum + media.sizeBytes, 0);
  const count = made.length > 1 ? `${made.length} × ` : '';
  const change = {
    stage: 'native',
    part,
    before: inWords(mimeType, inTime(durationMs), sizeBytes),
    after: `${count}${inWords(coding.mimeType, `${coding.inWords}, ${inTime(Math.max(keptMs, leastMs))}`, bytes)}`,
  } as const;
  const how = [
    `stored as ${coding.mimeType}, ${coding.inWords}`,
    ...(made.length > 1 ? [`in ${made.length} pieces, cut where it is quietest`] : []),
    ...(durationMs < leastMs ? ['with silence added at its end'] : []),
  ];
  note(lossOf({ ...change, kind: 're-encoded', message: `${name} was ${how.join(', ')}, as the model takes it.` }));
  if (durationMs - keptMs < 1) return;
  note(
    lossOf({
      ...change,
      kind: 'truncated',
      time: { startMs: Math.round(keptMs), endMs: Math.round(durationMs) },
      extent: Math.round(durationMs - keptMs),
      unit: 'ms',
      message: `Only the first ${inTime(keptMs)} of ${name}'s ${inTime(durationMs)} reached the model, which takes no more.`,
      action: 'what comes after was left out',
    }),
  );
}
