import type { MediaPart } from '#contract/media.ts';
import type { CallContext } from '#contract/ports.ts';
import { findFfmpeg } from '#runtime/ffmpeg.ts';
import { type Transcoded, transcode } from '#runtime/transcode/transcode.ts';
import { cannotFit, FFMPEG_HINT, NO_FFMPEG } from './words.ts';

/** What media are changed with; for tests and operators who bring their own. */
export interface Tools {
  /** The ffmpeg to use; `null` where there is none. */
  ffmpeg?(): Promise<string | null>;
}

export type FitContext = CallContext & { readonly tools?: Tools | undefined };

/** The ffmpeg to use. Throws `native.cannot-fit` with a hint where there is none. */
export async function ffmpegFor(part: MediaPart, context: FitContext): Promise<string> {
  const program = await (context.tools?.ffmpeg ?? findFfmpeg)();
  if (program === null) throw cannotFit(part, NO_FFMPEG, FFMPEG_HINT);
  return program;
}

/** Runs ffmpeg to its end. Throws `native.cannot-fit` when it fails or takes longer than `timeoutMs`. */
export async function change(
  part: MediaPart,
  program: string,
  input: readonly string[],
  output: readonly string[],
  options: Parameters<typeof transcode>[3],
): Promise<void> {
  const run = await transcode(program, input, output, options);
  if (run.outcome !== 'done') throw failedChange(part, run);
}

/** The refusal of a medium over which ffmpeg failed or took too long. */
export function failedChange(part: MediaPart, { outcome, stderr }: Transcoded): Error {
  const why = outcome === 'timed-out' ? 'changing it took too long' : 'ffmpeg could not change it';
  return cannotFit(part, why, 'Convert it first, or send it to a model that takes it as it is.', new Error(stderr));
}
