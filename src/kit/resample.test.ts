import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resampler } from './resample.ts';

function convert(fromHz: number, toHz: number, samples: Float32Array): Float32Array {
  const rate = resampler(fromHz, toHz);
  return Float32Array.from([...rate.push(samples), ...rate.end()]);
}

function tone(frequencyHz: number, rateHz: number, seconds: number): Float32Array {
  return Float32Array.from({ length: Math.round(rateHz * seconds) }, (_, at) =>
    Math.sin((2 * Math.PI * frequencyHz * at) / rateHz),
  );
}

/** Level against a full sine, in dB, without the settling at both ends. */
function levelDb(samples: Float32Array): number {
  const steady = samples.subarray(samples.length >> 2, samples.length - (samples.length >> 2));
  const power = steady.reduce((sum, value) => sum + value * value, 0) / steady.length;
  return 10 * Math.log10(2 * power + 1e-20);
}

const sweep = (fromHz: number, toHz: number, stepHz: number) =>
  Array.from({ length: Math.floor((toHz - fromHz) / stepHz) + 1 }, (_, at) => fromHz + at * stepHz);

describe.each([
  [48_000, 16_000],
  [44_100, 16_000],
  [22_050, 16_000],
  [96_000, 16_000],
])('%i Hz to %i Hz', (from, to) => {
  it('keeps up to 7 kHz within 1 dB', () => {
    const levels = sweep(200, 7_000, 340).map((hz) => levelDb(convert(from, to, tone(hz, from, 0.25))));
    expect(Math.min(...levels)).toBeGreaterThan(-1);
    expect(Math.max(...levels)).toBeLessThan(1);
  });

  it('lets nothing above 8 kHz through louder than -60 dB', () => {
    const levels = sweep(8_000, from / 2 - 100, from / 200).map((hz) =>
      levelDb(convert(from, to, tone(hz, from, 0.25))),
    );
    expect(levels.length).toBeGreaterThan(10);
    expect(Math.max(...levels)).toBeLessThan(-60);
  });
});

it('makes no images above 4 kHz louder than -60 dB when 8 kHz becomes 16 kHz', () => {
  for (const hz of sweep(300, 3_400, 155)) {
    const out = convert(8_000, 16_000, tone(hz, 8_000, 0.5));
    expect(Math.abs(levelDb(out))).toBeLessThan(1);
    // The image of f lies at 8000 - f: take the tone away by fitting it and look at what stays.
    expect(levelDb(without(hz, out))).toBeLessThan(-60);
  }
});

/** The steady middle of the samples less the best-fitting sine of this frequency. */
function without(hz: number, samples: Float32Array): Float32Array {
  const middle = samples.slice(samples.length >> 2, samples.length - (samples.length >> 2));
  const step = (2 * Math.PI * hz) / 16_000;
  let [ss, cc, sc, sx, cx] = [0, 0, 0, 0, 0];
  middle.forEach((x, at) => {
    const [s, c] = [Math.sin(step * at), Math.cos(step * at)];
    ss += s * s;
    cc += c * c;
    sc += s * c;
    sx += s * x;
    cx += c * x;
  });
  const determinant = ss * cc - sc * sc;
  const [a, b] = [(sx * cc - cx * sc) / determinant, (cx * ss - sx * sc) / determinant];
  return middle.map((x, at) => x - a * Math.sin(step * at) - b * Math.cos(step * at));
}

it('keeps time: a click stays where it was and the length is the rounded-up ratio', () => {
  for (const from of [8_000, 11_025, 24_000, 44_100, 48_000]) {
    const clicked = new Float32Array(from);
    clicked[Math.round(from / 2)] = 1;
    const out = convert(from, 16_000, clicked);
    expect(out.length).toBe(16_000);
    expect(Math.abs(out.indexOf(Math.max(...out)) - 8_000)).toBeLessThanOrEqual(1);
  }
});

it('gives the same samples however the input is cut', () => {
  const rates = fc.constantFrom(8_000, 11_025, 22_050, 24_000, 44_100, 48_000, 96_000);
  const input = fc.float32Array({ minLength: 0, maxLength: 3_000, noNaN: true, min: -1, max: 1 });
  fc.assert(
    fc.property(rates, input, fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 30 }), (from, samples, cuts) => {
      const whole = convert(from, 16_000, samples);
      const rate = resampler(from, 16_000);
      const pieces: number[] = [];
      let at = 0;
      for (const size of [...cuts, samples.length]) {
        pieces.push(...rate.push(samples.subarray(at, at + size)));
        at = Math.min(samples.length, at + size);
      }
      pieces.push(...rate.end());
      expect(Float32Array.from(pieces)).toEqual(whole);
      expect(whole.length).toBe(Math.ceil((samples.length * 16_000) / from));
    }),
    { numRuns: 60 },
  );
});

it('refuses a rate whose filter would not fit', () => {
  expect(() => resampler(383_987, 16_000)).toThrow(expect.objectContaining({ code: 'media.unsupported' }));
});
