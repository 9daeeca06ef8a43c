import type { Sound } from '#contract/media.ts';
import { throwIfCancelled } from '#kit/abort.ts';

/** The first `mostMs` of a sound, and how long all of it is. */
export async function leadingSamples(
  sound: Sound,
  mostMs: number,
  signal: AbortSignal,
): Promise<{ readonly samples: Float32Array; readonly totalMs: number }> {
  const perMs = sound.sampleRateHz / 1000;
  const [samples] = await stretches(sound, [0], Math.floor(mostMs * perMs), signal);
  const total = await lengthOf(sound, signal);
  return { samples: samples ?? new Float32Array(), totalMs: total / perMs };
}

/** How many samples a sound has. */
export async function lengthOf(sound: Sound, signal: AbortSignal): Promise<number> {
  let length = 0;
  for await (const piece of sound.pcm(signal)) {
    throwIfCancelled(signal);
    length += piece.length;
  }
  return length;
}

/** Stretches of a sound, each of at most `length` samples, from their first samples on; `starts` rise. One pass, memory for the stretches alone. */
export async function stretches(
  sound: Sound,
  starts: readonly number[],
  length: number,
  signal: AbortSignal,
): Promise<Float32Array[]> {
  const kept = starts.map((): Float32Array[] => []);
  let at = 0;
  for await (const piece of sound.pcm(signal)) {
    throwIfCancelled(signal);
    for (const [index, start] of starts.entries()) {
      const [from, to] = [Math.max(start, at) - at, Math.min(start + length, at + piece.length) - at];
      if (from < to) kept[index]?.push(piece.slice(from, to));
    }
    at += piece.length;
  }
  return kept.map(joined);
}

function joined(pieces: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
