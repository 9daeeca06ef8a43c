import { SensoriumError } from '#contract/error.ts';
import { type Loss, lossOf } from '#contract/loss.ts';
import { HEARING_RATE_HZ, type SampleCounts, type Sound } from '#contract/media.ts';
import { sampleCounter } from './counter.ts';
import type { Decoder, Look, SoundFile } from './decoder.ts';

/** Sound up to this long is kept once it was decoded (7.7 MB), so that looking and hearing decode once. */
const KEPT_MS = 2 * 60_000;
/** Containers round their length, and codecs pad: only more than this counts as cut off. */
const CUT_TOLERANCE_MS = 250;

const SAMPLES_PER_MS = HEARING_RATE_HZ / 1_000;

/** The sound of a file as every stage gets it, with what is noticed on the first whole pass noted as losses. */
export function soundOf(options: {
  readonly file: SoundFile;
  readonly part: string;
  readonly decoder: Decoder;
  readonly look: Look;
  readonly maxDurationMs: number;
  readonly note: (loss: Loss) => void;
}): Sound & { forget(): void } {
  const { file, part, decoder, look, maxDurationMs, note } = options;
  let kept: readonly Float32Array[] | null = null;
  let counts: SampleCounts | null = null;
  let cutNoted = false;

  async function* decodeOnce(signal: AbortSignal): AsyncGenerator<Float32Array> {
    const counter = sampleCounter();
    let pieces: Float32Array[] | null = [];
    let samples = 0;
    for await (const piece of decoder.decode(file, counter, signal)) {
      samples += piece.length;
      if (samples > maxDurationMs * SAMPLES_PER_MS) throw tooLong(file.name, null, maxDurationMs);
      if (samples > KEPT_MS * SAMPLES_PER_MS) pieces = null;
      pieces?.push(piece);
      if (piece.length > 0) yield piece;
    }
    if (samples === 0) throw soundless(file.name);
    kept = pieces;
    counts = counter;
    noteCut(samples / SAMPLES_PER_MS);
  }

  function noteCut(decodedMs: number): void {
    const missingMs = (look.soundMs ?? 0) - decodedMs;
    if (missingMs < CUT_TOLERANCE_MS || cutNoted) return;
    cutNoted = true;
    note(
      lossOf({
        kind: 'truncated',
        stage: 'media',
        part,
        engine: decoder.id,
        time: { startMs: Math.round(decodedMs), endMs: Math.round(decodedMs + missingMs) },
        extent: Math.round(missingMs),
        unit: 'ms',
        message: `${file.name} is cut off: it should last ${seconds(decodedMs + missingMs)}, and ${seconds(decodedMs)} are there.`,
        action: 'what is there is used',
      }),
    );
  }

  return {
    sampleRateHz: HEARING_RATE_HZ,
    counts: () => counts,
    async *pcm(signal = new AbortController().signal) {
      yield* kept ?? decodeOnce(signal);
    },
    forget() {
      kept = null;
    },
  };
}

/** The refusal of a recording that goes on for too long; `durationMs` is `null` where nobody knows how long. */
export function tooLong(name: string, durationMs: number | null, maxDurationMs: number): SensoriumError {
  const lasts = durationMs === null ? `goes on for more than ${clock(maxDurationMs)}` : `lasts ${clock(durationMs)}`;
  return new SensoriumError('media.too-long', `${name} ${lasts}; at most ${clock(maxDurationMs)} is taken.`, {
    hint: 'Cut it into parts, or raise the duration limit.',
    details: { maxDurationMs },
  });
}

/** The refusal of a recording without a single sample. */
export function soundless(name: string): SensoriumError {
  return new SensoriumError('media.broken', `${name} holds no sound: 0 samples.`, {
    hint: 'Record or export it again.',
  });
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}

function clock(milliseconds: number): string {
  const whole = Math.round(milliseconds / 1_000);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${Math.floor(whole / 3_600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}
