import { HEARING_RATE_HZ } from '#contract/media.ts';
import { fourier } from './fft.ts';

/** Samples looked at for one frame: 40 ms, three periods of a 75 Hz voice. */
export const WINDOW = 640;
/** The lowest and highest voice looked for, in hertz; Praat's standard range reaches from 75 to 600. */
export const LOWEST_HZ = 70;
export const HIGHEST_HZ = 600;
/** How many periods a frame may be in doubt between. */
export const MOST_CANDIDATES = 5;

/** Periods a frame may have: frequencies in hertz and how periodic it is at each, 1 for a pure tone. */
export interface Candidates {
  count: number;
  readonly hz: Float64Array;
  readonly strength: Float64Array;
}

export function noCandidates(): Candidates {
  return { count: 0, hz: new Float64Array(MOST_CANDIDATES), strength: new Float64Array(MOST_CANDIDATES) };
}

const SIZE = 1024;
const SHORTEST = Math.floor(HEARING_RATE_HZ / HIGHEST_HZ);
const LONGEST = Math.ceil(HEARING_RATE_HZ / LOWEST_HZ);
/** Peaks below this are never a voice; Praat keeps those above half its voicing threshold of 0.45. */
const WEAKEST = 0.225;
/** Prefers a short period among equals, so that one that is twice too long does not win (Boersma 1993; Praat's value). */
const OCTAVE_COST = 0.01;
/** Everything above the pass band is left out of the correlation: hiss has no period, and smooth peaks interpolate well. */
const PASS_HZ = 1_600;
const STOP_HZ = 2_800;

/**
 * Finds the periods of two frames at once: the autocorrelation of the Hann-windowed frame over that of the window, its peaks
 * interpolated by parabolas (P. Boersma, "Accurate short-term analysis of the fundamental frequency", 1993), from one transform there
 * and one back for both. A frame is `WINDOW` samples.
 */
export function periodFinder(): (
  samples: Float32Array,
  first: number,
  second: number,
  into: readonly [Candidates, Candidates],
) => void {
  const transform = fourier(SIZE);
  const re = new Float64Array(SIZE);
  const im = new Float64Array(SIZE);
  const window = Float64Array.from(
    { length: WINDOW },
    (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (n + 0.5)) / WINDOW),
  );
  const pass = Float64Array.from({ length: SIZE / 2 + 1 }, (_, k) => passing((k * HEARING_RATE_HZ) / SIZE));

  const energy: [number, number] = [0, 0];

  re.set(window);
  powers();
  const ofWindow = Float64Array.from({ length: LONGEST + 2 }, (_, lag) => (re[lag] as number) / (re[0] as number));

  // From two real signals in `re` and `im` to their two autocorrelations in the same places, without what does not pass; the
  // energies of the whole signals are kept apart.
  function powers(): void {
    transform(re, im);
    energy.fill(0);
    for (let k = 0; k <= SIZE / 2; k++) {
      const mirror = (SIZE - k) & (SIZE - 1);
      const a = re[k] as number;
      const b = im[k] as number;
      const c = re[mirror] as number;
      const d = im[mirror] as number;
      const both = k === mirror ? 0.25 : 0.5;
      const passes = pass[k] as number;
      let one = (a + c) ** 2 + (b - d) ** 2;
      let two = (b + d) ** 2 + (c - a) ** 2;
      energy[0] += both * one;
      energy[1] += both * two;
      one *= passes / 4;
      two *= passes / 4;
      re[k] = one;
      re[mirror] = one;
      im[k] = two;
      im[mirror] = two;
    }
    transform(re, im);
  }

  return (samples, first, second, into) => {
    re.fill(0);
    im.fill(0);
    load(samples, first, window, re);
    load(samples, second, window, im);
    powers();
    peaks(re, energy[0], ofWindow, into[0]);
    peaks(im, energy[1], ofWindow, into[1]);
  };
}

function load(samples: Float32Array, from: number, window: Float64Array, into: Float64Array): void {
  let mean = 0;
  for (let at = 0; at < WINDOW; at++) mean += samples[from + at] as number;
  mean /= WINDOW;
  for (let at = 0; at < WINDOW; at++) into[at] = ((samples[from + at] as number) - mean) * (window[at] as number);
}

function passing(hz: number): number {
  if (hz <= PASS_HZ) return 1;
  return hz >= STOP_HZ ? 0 : 0.5 + 0.5 * Math.cos((Math.PI * (hz - PASS_HZ)) / (STOP_HZ - PASS_HZ));
}

function peaks(correlation: Float64Array, energy: number, ofWindow: Float64Array, into: Candidates): void {
  into.count = 0;
  if (!(energy > 0)) return;
  const at = (lag: number) => (correlation[lag] as number) / energy / (ofWindow[lag] as number);
  let before = at(SHORTEST - 1);
  let here = at(SHORTEST);
  for (let lag = SHORTEST; lag <= LONGEST; lag++) {
    const after = at(lag + 1);
    if (here > WEAKEST && here >= before && here > after) {
      const bend = before - 2 * here + after;
      const shift = bend < 0 ? (0.5 * (before - after)) / bend : 0;
      const height = here - 0.25 * (before - after) * shift;
      // Interpolation and the window may raise a peak above 1.
      keep(into, HEARING_RATE_HZ / (lag + shift), height > 1 ? 1 / height : height);
    }
    before = here;
    here = after;
  }
}

function keep(into: Candidates, hz: number, strength: number): void {
  const worth = strength + OCTAVE_COST * Math.log2(hz / LOWEST_HZ);
  let place = into.count;
  if (place === MOST_CANDIDATES) {
    place = 0;
    for (let at = 1; at < MOST_CANDIDATES; at++) {
      if ((into.strength[at] as number) < (into.strength[place] as number)) place = at;
    }
    if ((into.strength[place] as number) >= worth) return;
  } else into.count++;
  into.hz[place] = hz;
  into.strength[place] = worth;
}
