import { isSensoriumError } from '#contract/error.ts';
import type { Pixels } from '#contract/media.ts';
import type { Picture } from '#contract/perception.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { boxOf } from './box.ts';
import type { Keyframe } from './keyframes.ts';
import { lineFollower, type TrackedLine } from './lines.ts';
import type { Shown } from './moments.ts';

/** What was made of the frames of a video. */
export interface Seen {
  /** When those were shown that were looked at. */
  readonly atMs: readonly number[];
  readonly lines: readonly TrackedLine[];
  readonly shown: readonly Shown[];
  readonly engines: readonly string[];
  /** Why frames could not be made sense of, in the words of what looked at them. */
  readonly failures: readonly string[];
}

/**
 * Has each frame looked at, one in memory at a time, and follows what is written from one to the next. A frame that cannot be
 * looked at is left out; when it is so with all, it throws what was thrown first.
 */
export async function lookAtFrames(
  pixels: AsyncIterable<Pixels>,
  frames: readonly Keyframe[],
  options: {
    readonly see: (pixels: Pixels, atMs: number) => Promise<Picture>;
    readonly scenesMs: readonly number[];
    readonly durationMs: number;
    readonly onProgress?: ((done: number, total: number) => void) | undefined;
    readonly signal: AbortSignal;
  },
): Promise<Seen> {
  const { see, scenesMs, durationMs, onProgress, signal } = options;
  const follower = lineFollower();
  const [seenMs, shown, engines, failures] = [[] as number[], [] as Shown[], new Set<string>(), [] as unknown[]];
  let done = 0;
  for await (const frame of pixels) {
    const atMs = Math.round(frames[done]?.atMs ?? 0);
    try {
      const picture = await see(frame, atMs);
      const { description, engine } = picture;
      const lines = picture.lines.map((line) => ({ line, box: boxOf(line, picture), source: engine }));
      follower.see(atMs, lines);
      seenMs.push(atMs);
      if (lines.length > 0) engines.add(engine);
      if (description && description.text.trim() !== '') {
        const sceneMs = scenesMs.findLast((ms) => ms <= atMs) ?? atMs;
        const isFirst = !(seenMs.at(-2) !== undefined && (seenMs.at(-2) as number) >= sceneMs);
        const endMs = scenesMs.find((ms) => ms > atMs) ?? durationMs;
        shown.push({ startMs: isFirst ? sceneMs : atMs, endMs, text: description.text, source: description.engine });
        engines.add(description.engine);
      }
    } catch (error) {
      throwIfCancelled(signal);
      failures.push(error);
    }
    done++;
    onProgress?.(done, frames.length);
  }
  if (seenMs.length === 0 && failures.length > 0) throw failures[0];
  return { atMs: seenMs, lines: follower.lines(), shown, engines: [...engines], failures: failures.map(inWords) };
}

function inWords(error: unknown): string {
  return isSensoriumError(error) ? error.message : 'what looked at it failed';
}
