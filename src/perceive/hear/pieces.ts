import type { TimeSpan } from '#contract/finding.ts';
import type { Sound } from '#contract/media.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { type CutLimits, planPieces } from './cut.ts';

/**
 * Sound to be heard at once. `samples` begin at `fromMs`, which lies before the recording when its first word comes at
 * once: there, and wherever the padding would reach into another piece, it is silence. Mono float32 at 16 kHz.
 */
export interface Piece {
  readonly speech: readonly TimeSpan[];
  readonly fromMs: number;
  readonly samples: Float32Array;
  /** It ends in the middle of speech that knew no pause. */
  readonly cutInSpeech: boolean;
}

const SAMPLES_PER_MS = 16;
const FRAME_MS = 20;
// An overlong span is cut between this share of the limit and the limit itself.
const CUT_FROM_SHARE = 0.6;
// What remains after such a cut should hold a word, so at least this share of the limit is left.
const LEAST_REST_SHARE = 0.05;

/**
 * Reads the voiced parts of a recording piece by piece, in one pass, with one piece in memory. Speech longer than the
 * limit without a pause is cut at the quietest 20 ms.
 */
export async function* readPieces(
  sound: Sound,
  speech: readonly TimeSpan[],
  limits: CutLimits,
  signal: AbortSignal,
): AsyncGenerator<Piece> {
  const planned = planPieces(speech, limits);
  if (planned.length === 0) return;
  const tape = tapeOf(sound, signal);
  try {
    for (const { speech: spans, fromMs, toMs } of planned) {
      let left = spans;
      let held = { fromMs, samples: new Float32Array(0) };
      await tape.skipTo(toSample(fromMs));
      for (;;) {
        throwIfCancelled(signal);
        const startMs = left[0]?.startMs ?? 0;
        const endMs = left.at(-1)?.endMs ?? 0;
        const overlong = endMs - startMs > limits.maxMs;
        const untilMs = overlong ? startMs + limits.maxMs : Math.min(toMs, endMs + limits.padMs);
        const more = await tape.readTo(toSample(untilMs));
        if (more.length === 0 && held.samples.length === 0) return;
        const samples = joined(held.samples, more);
        if (!overlong) {
          yield padded({ speech: left, samples, cutInSpeech: false }, held.fromMs, limits.padMs);
          break;
        }
        const cutMs = quietestMs(samples, held.fromMs, {
          startMs: startMs + limits.maxMs * CUT_FROM_SHARE,
          endMs: Math.min(startMs + limits.maxMs, endMs - limits.maxMs * LEAST_REST_SHARE),
        });
        const cutAt = toSample(cutMs) - toSample(held.fromMs);
        yield padded(
          { speech: [{ startMs, endMs: cutMs }], samples: samples.subarray(0, cutAt), cutInSpeech: true },
          held.fromMs,
          limits.padMs,
        );
        left = [{ startMs: cutMs, endMs }];
        held = { fromMs: cutMs, samples: samples.slice(cutAt) };
      }
    }
  } finally {
    await tape.close();
  }
}

function toSample(ms: number): number {
  return Math.round(ms * SAMPLES_PER_MS);
}

function joined(a: Float32Array, b: Float32Array): Float32Array<ArrayBuffer> {
  const both = new Float32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

// A recogniser trained on whole utterances loses the first word when nothing comes before it, so there is always a pad.
function padded(piece: Omit<Piece, 'fromMs'>, samplesFromMs: number, padMs: number): Piece {
  const fromMs = (piece.speech[0]?.startMs ?? 0) - padMs;
  const toMs = (piece.speech.at(-1)?.endMs ?? 0) + padMs;
  const samples = new Float32Array(toSample(toMs) - toSample(fromMs));
  const offset = toSample(samplesFromMs) - toSample(fromMs);
  samples.set(piece.samples.subarray(0, samples.length - offset), offset);
  return { ...piece, fromMs, samples };
}

// The middle of the quietest frame that lies in the window, by energy.
function quietestMs(samples: Float32Array, fromMs: number, window: TimeSpan): number {
  const frame = FRAME_MS * SAMPLES_PER_MS;
  let best = { at: Math.round(window.endMs), energy: Number.POSITIVE_INFINITY };
  for (let ms = window.startMs; ms + FRAME_MS <= window.endMs; ms += FRAME_MS / 2) {
    const first = toSample(ms) - toSample(fromMs);
    let energy = 0;
    for (let at = first; at < first + frame; at += 1) energy += (samples[at] ?? 0) ** 2;
    if (energy < best.energy) best = { at: Math.round(ms + FRAME_MS / 2), energy };
  }
  return best.at;
}

interface Tape {
  skipTo(sample: number): Promise<void>;
  /** What lies between here and there; less at the recording's end. */
  readTo(sample: number): Promise<Float32Array>;
  close(): Promise<void>;
}

function tapeOf(sound: Sound, signal: AbortSignal): Tape {
  const chunks = sound.pcm(signal)[Symbol.asyncIterator]();
  let chunk = new Float32Array(0);
  let used = 0;
  let position = 0;
  let over = false;

  async function move(sample: number, take: (part: Float32Array) => void): Promise<void> {
    while (position < sample && !over) {
      if (used === chunk.length) {
        throwIfCancelled(signal);
        const next = await chunks.next();
        if (next.done) over = true;
        else chunk = next.value as Float32Array<ArrayBuffer>;
        used = 0;
        if (over) return;
      }
      const count = Math.min(chunk.length - used, sample - position);
      take(chunk.subarray(used, used + count));
      used += count;
      position += count;
    }
  }

  return {
    skipTo: (sample) => move(sample, () => {}),
    async readTo(sample) {
      const parts: Float32Array[] = [];
      await move(sample, (part) => parts.push(part.slice()));
      const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
      let at = 0;
      for (const part of parts) {
        all.set(part, at);
        at += part.length;
      }
      return all;
    },
    async close() {
      await chunks.return?.();
    },
  };
}
