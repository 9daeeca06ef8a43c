import type { SoundFinding } from '#contract/finding.ts';
import { HEARING_RATE_HZ, type Sound } from '#contract/media.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { pitchPath } from './path.ts';
import { noCandidates, periodFinder, WINDOW } from './periodicity.ts';

/** One frame every so many milliseconds. */
export const HOP_MS = 10;
const HOP = (HEARING_RATE_HZ * HOP_MS) / 1_000;
/** A sample from here on counts as full scale, as the probe has it. */
const FULL_SCALE = 0.999;
/** As quiet as a level gets: below 16-bit dither. */
export const SILENT_DB = -100;
/** Sound this far below the level of the voice is never voiced. */
const VOICE_RANGE_DB = 28;
/** A voice may begin and end so much outside of where the detector heard it. */
const AROUND_SPEECH_MS = 200;

/**
 * What was measured every 10 ms: the pitch of the voice in hertz (0 where there is none), the level of the 30 ms around in dB relative to
 * full scale, and the share of samples at full scale. Nine bytes a frame: 6.5 MB for two hours.
 */
export interface Frames {
  readonly count: number;
  readonly hopSamples: number;
  readonly f0Hz: Float32Array;
  readonly levelDb: Float32Array;
  readonly clipped: Uint8Array;
}

/** Measures a recording in one pass. Pitch is looked for near speech only; memory grows by at most 40 bytes for each frame, 29 MB for two hours. */
export async function framesOf(sound: Sound, finding: SoundFinding, signal?: AbortSignal): Promise<Frames> {
  const f0Hz = growing();
  const powers = growing();
  const clipped = growing();
  const find = periodFinder();
  const pair = [noCandidates(), noCandidates()] as const;
  const path = pitchPath((hz) => f0Hz.push(hz));
  const floor = finding.rmsDb === null ? 0 : 10 ** ((finding.rmsDb - VOICE_RANGE_DB) / 10);
  const near = nearSpeech(finding);

  // Holds the samples of two frames: the first one's window begins at 0, the second one's a hop later.
  const held = new Float32Array(WINDOW + HOP);
  let filled = (WINDOW - HOP) / 2;
  let frame = 0;

  function measure(count: 1 | 2): void {
    const worth = [false, false];
    for (let at = 0; at < count; at++) {
      const from = at * HOP + (WINDOW - HOP) / 2;
      let energy = 0;
      let full = 0;
      for (let n = from; n < from + HOP; n++) {
        const value = held[n] as number;
        energy += value * value;
        if (Math.abs(value) >= FULL_SCALE) full++;
      }
      powers.push(energy / HOP);
      clipped.push(full);
      worth[at] = energy / HOP > floor && near(frame + at);
    }
    if (worth[0] || worth[1]) find(held, 0, HOP, pair);
    for (let at = 0; at < count; at++) {
      const candidates = pair[at as 0 | 1];
      if (!worth[at]) candidates.count = 0;
      path.add(candidates);
    }
    frame += count;
    held.copyWithin(0, 2 * HOP);
    filled -= 2 * HOP;
  }

  let samples = 0;
  for await (const piece of sound.pcm(signal)) {
    throwIfCancelled(signal);
    samples += piece.length;
    for (let at = 0; at < piece.length; ) {
      const count = Math.min(held.length - filled, piece.length - at);
      for (let n = 0; n < count; n++) held[filled + n] = finite(piece[at + n] as number);
      at += count;
      filled += count;
      if (filled === held.length) measure(2);
    }
  }
  const total = Math.floor(samples / HOP);
  while (frame < total) {
    held.fill(0, filled);
    filled = held.length;
    measure(frame + 1 < total ? 2 : 1);
  }
  path.end();
  return {
    count: total,
    hopSamples: HOP,
    f0Hz: f0Hz.values(),
    levelDb: levels(powers.values()),
    clipped: Uint8Array.from(clipped.values()),
  };
}

/** The frame in which a moment lies. */
export function frameAt(ms: number, { count }: Frames): number {
  return Math.max(0, Math.min(count, Math.round(ms / HOP_MS)));
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

// Asked in order of time, so that it only ever looks at one span.
function nearSpeech({ speech }: SoundFinding): (frame: number) => boolean {
  const spans = [...speech].sort((a, b) => a.startMs - b.startMs);
  let at = 0;
  return (frame) => {
    const ms = frame * HOP_MS;
    while (at < spans.length && (spans[at]?.endMs ?? 0) + AROUND_SPEECH_MS < ms) at++;
    return ms >= (spans[at]?.startMs ?? Number.POSITIVE_INFINITY) - AROUND_SPEECH_MS;
  };
}

function levels(powers: Float32Array): Float32Array {
  return powers.map((power, at) => {
    const mean = ((powers[at - 1] ?? power) + power + (powers[at + 1] ?? power)) / 3;
    return mean > 0 ? Math.max(SILENT_DB, 10 * Math.log10(mean)) : SILENT_DB;
  });
}

function growing(): { push(value: number): void; values(): Float32Array } {
  let values = new Float32Array(4_096);
  let length = 0;
  return {
    push(value) {
      if (length === values.length) {
        const more = new Float32Array(length * 2);
        more.set(values);
        values = more;
      }
      values[length++] = value;
    },
    values: () => values.slice(0, length),
  };
}
