import { type Fourier, fourier } from './fourier.ts';

/** Facts of Whisper's front end (openai/whisper, audio.py): 16 kHz, windows of 400 samples, one every 160. */
export const SAMPLE_RATE_HZ = 16_000;
export const WINDOW_SAMPLES = 400;
const HOP_SAMPLES = 160;
const SPECTRUM = WINDOW_SAMPLES / 2 + 1;
/** Power below this counts as this; what lies more than 8 (80 dB) below the loudest is raised to there. */
const LEAST_POWER = 1e-10;
const RANGE = 8;

/** A triangle over the spectrum: weights of the bins from `first` on. */
interface Band {
  readonly first: number;
  readonly weights: Float64Array;
}

/**
 * The log-mel spectrogram Whisper hears: [bands, frames], row by row, one frame for each 10 ms. `samples` are mono float32 at
 * 16 kHz; beyond their end is silence. The values lie in a range of 2, the loudest about 1.
 */
export function logMel(samples: Float32Array, bands: number, frames: number): Float32Array {
  const table = bandsOf(bands);
  const spectrum = new Float64Array(SPECTRUM * 2);
  const mel = new Float32Array(bands * frames).fill(Math.log10(LEAST_POWER));
  // A window that begins after the last sample is silent.
  const heard = Math.min(frames, Math.ceil((samples.length + WINDOW_SAMPLES / 2) / HOP_SAMPLES));
  let greatest = Math.log10(LEAST_POWER);
  for (let frame = 0; frame < heard; frame += 2) {
    powersOfTwo(samples, frame, spectrum);
    for (let half = 0; half < 2 && frame + half < heard; half += 1) {
      for (const [band, { first, weights }] of table.entries()) {
        let power = 0;
        const from = half * SPECTRUM + first;
        for (let at = 0; at < weights.length; at += 1)
          power += (weights[at] as number) * (spectrum[from + at] as number);
        const log = Math.log10(Math.max(LEAST_POWER, power));
        mel[band * frames + frame + half] = log;
        if (log > greatest) greatest = log;
      }
    }
  }
  for (let at = 0; at < mel.length; at += 1) mel[at] = (Math.max(mel[at] as number, greatest - RANGE) + 4) / 4;
  return mel;
}

const HANN = Float64Array.from(
  { length: WINDOW_SAMPLES },
  (_, at) => 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / WINDOW_SAMPLES),
);
const re = new Float64Array(WINDOW_SAMPLES);
const im = new Float64Array(WINDOW_SAMPLES);
let transform: Fourier | undefined;

// Two frames of real numbers are one transform of complex ones: the spectra come apart by their symmetry.
function powersOfTwo(samples: Float32Array, frame: number, powers: Float64Array): void {
  transform ??= fourier(WINDOW_SAMPLES);
  const first = frame * HOP_SAMPLES - WINDOW_SAMPLES / 2;
  for (let at = 0; at < WINDOW_SAMPLES; at += 1) {
    const window = HANN[at] as number;
    re[at] = window * sampleAt(samples, first + at);
    im[at] = window * sampleAt(samples, first + HOP_SAMPLES + at);
  }
  transform.transform(re, im);
  for (let bin = 0; bin < SPECTRUM; bin += 1) {
    const mirror = (WINDOW_SAMPLES - bin) % WINDOW_SAMPLES;
    const [a, b, c, d] = [re[bin] as number, im[bin] as number, re[mirror] as number, im[mirror] as number];
    powers[bin] = ((a + c) ** 2 + (b - d) ** 2) / 4;
    powers[SPECTRUM + bin] = ((b + d) ** 2 + (c - a) ** 2) / 4;
  }
}

// Before its beginning the sound is mirrored there, as torch.stft does.
function sampleAt(samples: Float32Array, at: number): number {
  return samples[Math.abs(at)] ?? 0;
}

const tables = new Map<number, readonly Band[]>();

function bandsOf(count: number): readonly Band[] {
  const known = tables.get(count);
  if (known) return known;
  const made = melBands(count);
  tables.set(count, made);
  return made;
}

// Slaney's scale and norm (librosa.filters.mel): linear below 1 kHz, logarithmic above, each triangle of equal area.
function melBands(count: number): Band[] {
  const top = toMel(SAMPLE_RATE_HZ / 2);
  const edges = Array.from({ length: count + 2 }, (_, at) => toHz((top * at) / (count + 1)));
  return Array.from({ length: count }, (_, band) => {
    const [low = 0, middle = 0, high = 0] = edges.slice(band, band + 3);
    const all = Array.from({ length: SPECTRUM }, (_, bin) => {
      const hz = (bin * SAMPLE_RATE_HZ) / WINDOW_SAMPLES;
      return (2 / (high - low)) * Math.max(0, Math.min((hz - low) / (middle - low), (high - hz) / (high - middle)));
    });
    const first = Math.max(
      0,
      all.findIndex((weight) => weight > 0),
    );
    const last = all.findLastIndex((weight) => weight > 0);
    return { first, weights: Float64Array.from(all.slice(first, last + 1)) };
  });
}

const BREAK_HZ = 1_000;
const HZ_PER_MEL = 200 / 3;
const LOG_STEP = Math.log(6.4) / 27;

function toMel(hz: number): number {
  return hz < BREAK_HZ ? hz / HZ_PER_MEL : BREAK_HZ / HZ_PER_MEL + Math.log(hz / BREAK_HZ) / LOG_STEP;
}

function toHz(mel: number): number {
  const above = mel - BREAK_HZ / HZ_PER_MEL;
  return above < 0 ? mel * HZ_PER_MEL : BREAK_HZ * Math.exp(above * LOG_STEP);
}
