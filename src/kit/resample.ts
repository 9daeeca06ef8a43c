import { SensoriumError } from '#contract/error.ts';

/** Changes the sample rate of one channel as it streams by. */
export interface Resampler {
  /** Takes the next piece and gives what can be computed so far. */
  push(piece: Float32Array): Float32Array;
  /** Gives the rest. In all `ceil(input · to / from)` samples come out, in time with the input. */
  end(): Float32Array;
}

/** Stop band attenuation the filter is designed for, in dB; 60 is promised, tests measure it. */
const STOP_BAND_DB = 63;
/** The pass band ends here, as a share of the lower rate's Nyquist frequency (7 kHz of 8); the stop band begins at 1. */
const PASS_BAND = 0.875;
/** More coefficients than this mean a sample rate nobody records at. */
const MAX_COEFFICIENTS = 4_000_000;

/**
 * A polyphase windowed-sinc resampler for any two whole sample rates, in hertz. Linear phase and without delay; output does
 * not depend on how the input is cut. Kaiser window after J. F. Kaiser (1974): length from attenuation and transition
 * width, `beta = 0.1102 (A - 8.7)`; as in Oppenheim & Schafer, Discrete-Time Signal Processing, §7.5.3.
 */
export function resampler(fromHz: number, toHz: number): Resampler {
  if (fromHz === toHz) return { push: (piece) => piece, end: () => new Float32Array(0) };
  const divisor = gcd(fromHz, toHz);
  const up = toHz / divisor;
  const down = fromHz / divisor;
  const { halfLength, phases } = lowPass(fromHz, toHz, up);
  const length = 2 * halfLength;

  // `window` holds the input from `halfLength - 1` samples before the one the next output lies on; silence before the start.
  let window: Float32Array = new Float32Array(halfLength - 1);
  let skip = 0;
  let phase = 0;
  let received = 0;
  let made = 0;

  function run(piece: Float32Array, limit: number): Float32Array {
    const input = new Float32Array(window.length + piece.length);
    input.set(window);
    input.set(piece, window.length);
    const output = new Float32Array(Math.max(0, Math.ceil(((input.length - skip + 1) * up) / down)));
    let start = skip;
    let count = 0;
    while (start + length <= input.length && made + count < limit) {
      output[count++] = dot(phases, phase * length, input, start, length);
      phase += down;
      const whole = Math.floor(phase / up);
      start += whole;
      phase -= whole * up;
    }
    made += count;
    window = input.slice(Math.min(start, input.length));
    skip = Math.max(0, start - input.length);
    return output.subarray(0, count);
  }

  return {
    push(piece) {
      received += piece.length;
      return run(piece, Number.POSITIVE_INFINITY);
    },
    end: () => run(new Float32Array(halfLength + 1), Math.ceil((received * up) / down)),
  };
}

/** The low-pass filter cut into `up` phases of `2 · halfLength` coefficients, each phase with unity gain at 0 Hz. */
function lowPass(fromHz: number, toHz: number, up: number): { halfLength: number; phases: Float32Array } {
  const nyquistHz = Math.min(fromHz, toHz) / 2;
  const transition = (nyquistHz * (1 - PASS_BAND)) / fromHz;
  const cutoff = (nyquistHz * (1 + PASS_BAND)) / 2 / fromHz;
  const halfWidth = (STOP_BAND_DB - 7.95) / (14.36 * transition) / 2;
  const halfLength = 2 * Math.ceil(halfWidth / 2);
  const beta = 0.1102 * (STOP_BAND_DB - 8.7);
  const length = 2 * halfLength;
  if (length * up > MAX_COEFFICIENTS) {
    throw new SensoriumError('media.unsupported', `A sample rate of ${fromHz} Hz is too unusual to convert.`, {
      hint: 'Convert the recording to 16000 or 48000 Hz first.',
    });
  }
  const phases = new Float32Array(length * up);
  const row = new Float64Array(length);
  for (let phase = 0; phase < up; phase++) {
    let gain = 0;
    for (let tap = 0; tap < length; tap++) {
      const distance = tap - (halfLength - 1) - phase / up;
      const edge = 1 - (distance / halfWidth) ** 2;
      row[tap] = edge < 0 ? 0 : sinc(2 * cutoff * distance) * bessel0(beta * Math.sqrt(edge));
      gain += row[tap] as number;
    }
    for (let tap = 0; tap < length; tap++) phases[phase * length + tap] = (row[tap] as number) / gain;
  }
  return { halfLength, phases };
}

/** Scalar product of two stretches; the length is a multiple of four, and four sums at once are half again as fast as one. */
function dot(a: Float32Array, aAt: number, b: Float32Array, bAt: number, length: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let i = aAt, j = bAt; i < aAt + length; i += 4, j += 4) {
    s0 += (a[i] as number) * (b[j] as number);
    s1 += (a[i + 1] as number) * (b[j + 1] as number);
    s2 += (a[i + 2] as number) * (b[j + 2] as number);
    s3 += (a[i + 3] as number) * (b[j + 3] as number);
  }
  return s0 + s1 + (s2 + s3);
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Modified Bessel function of the first kind, order 0, by its power series. */
function bessel0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
