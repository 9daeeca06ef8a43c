import type { MediaPart } from '#contract/media.ts';
import { change, type FitContext } from '../tools.ts';
import type { Scored } from './choose.ts';
import { inputOf } from './look.ts';

const TIMEOUT_MS = 600_000;
/** Scores are of pictures this wide: movement vanishes, scenes do not. Measured; see docs/decisions. */
const SCORED_WIDTH_PX = 16;
/** Of longer videos only the frames that stand for themselves are looked at: encoders put one where a scene begins. */
const EVERY_FRAME_UNTIL_MS = 10 * 60_000;

/** Whether only key frames of a video are looked at. */
export function isSkimmed(durationMs: number): boolean {
  return durationMs > EVERY_FRAME_UNTIL_MS;
}

/** What ffmpeg is told so that it reads the same frames in each pass. */
export function framesOfInput(part: MediaPart, path: string, durationMs: number): string[] {
  return [...(isSkimmed(durationMs) ? ['-skip_frame', 'nokey'] : []), ...inputOf(part, path)];
}

/** Scores each frame of a video by how much it differs from the one before. Times count from the first frame. */
export async function scoreFrames(
  part: MediaPart,
  program: string,
  input: readonly string[],
  context: FitContext,
): Promise<Scored[]> {
  const scored: Scored[] = [];
  let rest = '';
  let firstMs: number | null = null;
  let atMs = 0;
  const read = (line: string) => {
    const time = /^frame:\d+ .*pts_time:(-?[\d.]+)/.exec(line);
    if (time) {
      const ms = Number(time[1]) * 1_000;
      firstMs ??= ms;
      atMs = ms - firstMs;
    }
    const score = /^lavfi\.scene_score=([\d.]+)/.exec(line);
    if (score) scored.push({ atMs, score: Number(score[1]) });
  };
  const filters = `scale=${SCORED_WIDTH_PX}:-2:flags=area,select='gte(scene,0)',metadata=print:file=-`;
  await change(part, program, input, ['-map', '0:v:0', '-an', '-sn', '-dn', '-vf', filters, '-f', 'null', '-'], {
    signal: context.signal,
    timeoutMs: TIMEOUT_MS,
    onOutput: (bytes) => {
      const lines = (rest + bytes.toString('latin1')).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) read(line);
    },
  });
  return scored;
}
