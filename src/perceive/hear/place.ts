import type { TimeSpan } from '#contract/finding.ts';

/** Frames of an encoder: how long one is and when the first begins in the recording, in milliseconds. */
export interface FrameClock {
  readonly frameMs: number;
  readonly fromMs: number;
}

/** The frames whose middle lies in voiced time. */
export function voicedFrames(count: number, clock: FrameClock, speech: readonly TimeSpan[]): number[] {
  const voiced: number[] = [];
  for (let frame = 0; frame < count; frame += 1) {
    const ms = clock.fromMs + (frame + 0.5) * clock.frameMs;
    if (speech.some((span) => ms >= span.startMs && ms <= span.endMs)) voiced.push(frame);
  }
  return voiced;
}

/**
 * When tokens were spoken, from each one's first place in a list of frames (`first`, ascending). A token lasts until the
 * next one's; the last lasts to the end of the list.
 */
export function tokenSpans(first: readonly number[], frames: readonly number[], clock: FrameClock): TimeSpan[] {
  return first.map((at, token) => ({
    startMs: clock.fromMs + (frames[at] ?? 0) * clock.frameMs,
    endMs: clock.fromMs + ((frames[(first[token + 1] ?? frames.length) - 1] ?? 0) + 1) * clock.frameMs,
  }));
}

/** Spreads texts over voiced time by their lengths: what is left to do when a model gives no times. */
export function interpolate(texts: readonly string[], speech: readonly TimeSpan[]): TimeSpan[] {
  const voicedMs = speech.reduce((sum, span) => sum + span.endMs - span.startMs, 0);
  const letters = texts.reduce((sum, text) => sum + text.length, 0);
  let used = 0;
  return texts.map((text) => {
    const startMs = atVoicedMs((used / letters) * voicedMs, speech, 'start');
    used += text.length;
    return { startMs, endMs: atVoicedMs((used / letters) * voicedMs, speech, 'end') };
  });
}

/**
 * Trims a time to the one voiced span where most of it lies: a word does not go on through a pause, but an alignment that
 * has to give every frame to some word stretches it there.
 */
export function withinOneSpan(time: TimeSpan, speech: readonly TimeSpan[]): TimeSpan {
  let best: TimeSpan = time;
  let bestMs = 0;
  for (const span of speech) {
    const startMs = Math.max(time.startMs, span.startMs);
    const endMs = Math.min(time.endMs, span.endMs);
    if (endMs - startMs > bestMs) {
      best = { startMs, endMs };
      bestMs = endMs - startMs;
    }
  }
  return best;
}

function atVoicedMs(ms: number, speech: readonly TimeSpan[], edge: 'start' | 'end'): number {
  let left = ms;
  for (const span of speech) {
    const lengthMs = span.endMs - span.startMs;
    if (left < lengthMs || (edge === 'end' && left <= lengthMs)) return span.startMs + left;
    left -= lengthMs;
  }
  return speech.at(-1)?.endMs ?? 0;
}
