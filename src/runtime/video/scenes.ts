import type { Scored } from './choose.ts';
import { inputOf, runOver, type VideoFile } from './file.ts';

const TIMEOUT_MS = 600_000;
/** Scores are of pictures this wide: movement vanishes, scenes do not. Measured; see docs/decisions. */
const SCORED_WIDTH_PX = 16;
/** Of longer videos only the frames that stand for themselves are looked at: encoders put one where a scene begins. */
const EVERY_FRAME_UNTIL_MS = 10 * 60_000;

/** Filters of ffmpeg that score each frame by how much it differs from the one before, and print that to `target`. */
export function scoring(target: string): string {
  return `scale=${SCORED_WIDTH_PX}:-2:flags=area,select='gte(scene,0)',metadata=print:file=${target}`;
}

/** Whether only key frames of a video are looked at. */
export function isSkimmed(durationMs: number): boolean {
  return durationMs > EVERY_FRAME_UNTIL_MS;
}

/** What ffmpeg is told so that it reads the same frames in each pass. */
export function framesOfInput(file: VideoFile, durationMs: number): string[] {
  return [...(isSkimmed(durationMs) ? ['-skip_frame', 'nokey'] : []), ...inputOf(file)];
}

/** Scores each frame of a video by how much it differs from the one before. Times count from the first frame. Throws `VideoTrouble`. */
export async function scoreFrames(file: VideoFile, input: readonly string[], signal: AbortSignal): Promise<Scored[]> {
  const scores = scoreReader();
  const output = ['-map', '0:v:0', '-an', '-sn', '-dn', '-vf', scoring('-'), '-f', 'null', '-'];
  await runOver(file, input, output, { signal, timeoutMs: TIMEOUT_MS, onOutput: scores.take });
  return scores.scored;
}

/** Reads scores from what `scoring` prints, piece by piece. */
export function scoreReader(): { readonly scored: Scored[]; take(bytes: Buffer): void } {
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
  return {
    scored,
    take(bytes) {
      const lines = (rest + bytes.toString('latin1')).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) read(line);
    },
  };
}
