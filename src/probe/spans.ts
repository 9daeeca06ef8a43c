import type { TimeSpan } from '#contract/finding.ts';
import { HEARING_RATE_HZ } from '#contract/media.ts';

/** Samples in one frame: what Silero VAD decides on at 16 kHz, 32 ms. */
export const FRAME_SAMPLES = 512;
export const FRAME_MS = (FRAME_SAMPLES * 1_000) / HEARING_RATE_HZ;

/**
 * From probabilities to spans. Silero's own defaults are 0.5 to begin and 0.35 to end, 250 ms of speech, 100 ms of silence,
 * 30 ms of padding (`get_speech_timestamps` in snakers4/silero-vad 5.1). Ours differ where our recordings said so: 0.2 on
 * both sides of a sure frame keeps the soft first and last words of acted speech (0.3 s each, in two clips of 21) and adds
 * nothing in clips without speech; 100 ms of speech keep a "yes"; 300 ms of silence do not cut a sentence at its commas.
 */
const SURE = 0.5;
const POSSIBLE = 0.2;
const MIN_SPEECH_MS = 100;
const MIN_SILENCE_MS = 300;
const PADDING_MS = 100;

/** Gathers the spans of one pass. */
export interface SpanBuilder {
  /** The next frame's probability of speech, 0–1. */
  push(probability: number): void;
  /** All spans, padded, inside `durationMs`. */
  end(durationMs: number): TimeSpan[];
}

/**
 * A span is a run of possible frames, with gaps shorter than the least silence, that holds a sure one and is long enough.
 */
export function spanBuilder(): SpanBuilder {
  const spans: TimeSpan[] = [];
  let frame = 0;
  let first = -1;
  let last = -1;
  let sure = false;

  function close(): void {
    const [startMs, endMs] = [first * FRAME_MS, (last + 1) * FRAME_MS];
    if (sure && endMs - startMs >= MIN_SPEECH_MS) spans.push({ startMs, endMs });
    first = -1;
    sure = false;
  }

  return {
    push(probability) {
      if (probability >= POSSIBLE) {
        if (first < 0) first = frame;
        last = frame;
        sure ||= probability >= SURE;
      } else if (first >= 0 && (frame - last) * FRAME_MS >= MIN_SILENCE_MS) close();
      frame++;
    },
    end(durationMs) {
      if (first >= 0) close();
      return spans.map(({ startMs, endMs }) => ({
        startMs: Math.max(0, Math.round(startMs - PADDING_MS)),
        endMs: Math.round(Math.min(durationMs, endMs + PADDING_MS)),
      }));
    },
  };
}

/** Cuts sound into arrays of whole frames, `frames` at a time; the last one is filled up with silence. */
export async function* inFrames(pcm: AsyncIterable<Float32Array>, frames: number): AsyncGenerator<Float32Array> {
  const size = frames * FRAME_SAMPLES;
  let block = new Float32Array(size);
  let filled = 0;
  for await (const piece of pcm) {
    for (let at = 0; at < piece.length; ) {
      const taken = piece.subarray(at, at + size - filled);
      block.set(taken, filled);
      filled += taken.length;
      at += taken.length;
      if (filled < size) continue;
      yield block;
      block = new Float32Array(size);
      filled = 0;
    }
  }
  if (filled > 0) yield block.subarray(0, Math.ceil(filled / FRAME_SAMPLES) * FRAME_SAMPLES);
}

/** Lets sound through and remembers how long it was. */
export async function* timed(
  pcm: AsyncIterable<Float32Array>,
  length: { durationMs: number },
): AsyncGenerator<Float32Array> {
  let samples = 0;
  for await (const piece of pcm) {
    samples += piece.length;
    length.durationMs = (samples * 1_000) / HEARING_RATE_HZ;
    yield piece;
  }
}
