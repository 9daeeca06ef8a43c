import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { logMel } from './features.ts';
import { fourier } from './fourier.ts';

/** Columns of the spectrogram by frame and count of bands, reckoned with numpy and the filters of faster-whisper 1.2.1. */
const reference = JSON.parse(readFileSync(new URL('./__fixtures__/mel.json', import.meta.url), 'utf8')) as Record<
  string,
  Record<string, readonly number[]>
>;

/** One second: a rising tone, a steady one and noise that is the same each time. */
function signal(): Float32Array {
  let state = 7;
  return Float32Array.from({ length: 16_000 }, (_, at) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const t = at / 16_000;
    const rising = 0.3 * Math.sin(2 * Math.PI * (200 * t + 1_500 * t * t));
    return rising + 0.1 * Math.sin(2 * Math.PI * 1_000 * t) + 0.02 * (state / 2 ** 32 - 0.5);
  });
}

it.each([80, 128])('reckons a spectrogram of %i bands as others do', (bands) => {
  const mel = logMel(signal(), bands, 3_000);
  for (const [frame, column] of Object.entries(reference[bands] as object) as [string, number[]][]) {
    expect(column).toHaveLength(bands);
    for (const [band, value] of column.entries()) {
      expect(mel[band * 3_000 + Number(frame)], `band ${band} of frame ${frame}`).toBeCloseTo(value, 4);
    }
  }
});

it('gives the same for a shorter stretch, where nothing follows', () => {
  const [long, short] = [logMel(signal(), 80, 3_000), logMel(signal(), 80, 200)];
  for (const at of [0, 55, 99, 150, 199]) expect(short[7 * 200 + at]).toBe(long[7 * 3_000 + at]);
});

it('gives silence one value, and survives sound of no length', () => {
  expect(new Set(logMel(new Float32Array(0), 80, 100))).toEqual(new Set([Math.fround(-1.5)]));
});

it.each([1, 2, 7, 12, 30, 400])('transforms %i numbers as the definition says', (length) => {
  const re = Float64Array.from({ length }, (_, at) => Math.sin(at * 1.3) + at / length);
  const im = Float64Array.from({ length }, (_, at) => Math.cos(at * 0.7));
  const expected = Array.from({ length }, (_, bin) => {
    let [x, y] = [0, 0];
    for (let at = 0; at < length; at += 1) {
      const angle = (-2 * Math.PI * bin * at) / length;
      x += (re[at] as number) * Math.cos(angle) - (im[at] as number) * Math.sin(angle);
      y += (re[at] as number) * Math.sin(angle) + (im[at] as number) * Math.cos(angle);
    }
    return [x, y];
  });
  fourier(length).transform(re, im);
  for (const [bin, [x, y]] of expected.entries()) {
    expect(re[bin]).toBeCloseTo(x as number, 8);
    expect(im[bin]).toBeCloseTo(y as number, 8);
  }
});
