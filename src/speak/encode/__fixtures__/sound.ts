import { spawnSync } from 'node:child_process';
import { findFfmpeg } from '#runtime/ffmpeg.ts';
import type { SoundFormat } from '../formats.ts';

export const RATE_HZ = 24_000;

const DEMUXER: Readonly<Record<SoundFormat, readonly string[]>> = {
  wav: ['-f', 'wav'],
  mp3: ['-f', 'mp3'],
  opus: ['-f', 'ogg'],
  aac: ['-f', 'aac'],
  flac: ['-f', 'flac'],
  pcm: ['-f', 's16le', '-ar', String(RATE_HZ), '-ac', '1'],
};

/** A tone that climbs from 200 Hz to 3 kHz and swells four times a second: no stretch of it is like another. */
export function sweep(durationMs: number, sampleRateHz = RATE_HZ): Float32Array {
  const seconds = durationMs / 1_000;
  return Float32Array.from({ length: Math.round(seconds * sampleRateHz) }, (_, i) => {
    const t = i / sampleRateHz;
    return (0.3 + 0.2 * Math.sin(8 * Math.PI * t)) * Math.sin(2 * Math.PI * (200 * t + (1_400 * t * t) / seconds));
  });
}

/** What an independent decoder, ffmpeg, makes of the bytes: 16-bit steps, mono, 24 kHz. */
export async function decoded(bytes: Uint8Array, format: SoundFormat): Promise<Int16Array> {
  return soundOf([...DEMUXER[format], '-i', 'pipe:0'], bytes);
}

/** A recording as mono float32 at 24 kHz. */
export async function recording(path: string): Promise<Float32Array> {
  return Float32Array.from(await soundOf(['-i', path]), (step) => step / 32_767);
}

async function soundOf(input: readonly string[], bytes?: Uint8Array): Promise<Int16Array> {
  const out = ['-f', 's16le', '-ar', String(RATE_HZ), '-ac', '1', 'pipe:1'];
  const { stdout, stderr } = spawnSync((await findFfmpeg()) ?? 'ffmpeg', ['-v', 'error', ...input, ...out], {
    input: bytes,
    maxBuffer: 1e9,
  });
  if (stdout.length === 0 && stderr.length > 0) throw new Error(String(stderr));
  return new Int16Array(Uint8Array.from(stdout).buffer);
}

/**
 * How alike two sounds are once the second is moved by `delay` samples (found by trying), how much louder the second is,
 * and how many samples are left over at its end.
 */
export function likeness(sound: Float32Array, steps: Int16Array, maxDelay: number) {
  const from = Math.floor(sound.length / 3);
  const to = Math.min(sound.length, from + RATE_HZ / 2);
  let [delay, best] = [0, Number.NEGATIVE_INFINITY];
  for (let lag = 0; lag <= maxDelay; lag += 1) {
    const { correlation } = compared(sound, steps, lag, from, to);
    if (correlation > best) [delay, best] = [lag, correlation];
  }
  const extra = steps.length - delay - sound.length;
  return { ...compared(sound, steps, delay, 0, sound.length), delay, extra };
}

function compared(sound: Float32Array, steps: Int16Array, lag: number, from: number, to: number) {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = from; i < to; i += 1) {
    const [a, b] = [sound[i] ?? 0, (steps[i + lag] ?? 0) / 32_767];
    ab += a * b;
    aa += a * a;
    bb += b * b;
  }
  return { correlation: ab / Math.sqrt(aa * bb), louderDb: 10 * Math.log10(bb / aa) };
}
