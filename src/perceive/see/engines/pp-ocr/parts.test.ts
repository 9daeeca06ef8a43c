import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Pixels } from '#contract/media.ts';
import { readAlphabet } from './alphabet.ts';
import { boxesIn } from './boxes.ts';
import { laidSideBySide } from './column.ts';
import { completed } from './complete.ts';
import { spell } from './ctc.ts';
import { inkHeight, inkOf } from './ink.ts';
import type { Placed } from './recognise.ts';
import { cornersOf, rectangleAround } from './rectangle.ts';
import { rulesIn } from './rules.ts';
import { lookAt } from './strip.ts';

/** White with black rectangles: left, top, width, height. */
function drawn(widthPx: number, heightPx: number, ...areas: [number, number, number, number][]): Pixels {
  const rgb = new Uint8Array(widthPx * heightPx * 3).fill(255);
  for (const [left, top, width, height] of areas) {
    for (let y = top; y < top + height; y += 1) rgb.fill(0, (y * widthPx + left) * 3, (y * widthPx + left + width) * 3);
  }
  return { widthPx, heightPx, rgb };
}

it('reads the alphabet with nothing first and a space last', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sensorium-test-'));
  await writeFile(join(folder, 'keys.txt'), "'\n疗\nA");
  expect(readAlphabet(folder)).toEqual(['', "'", '疗', 'A', ' ']);
  await rm(folder, { recursive: true });
});

describe('spell', () => {
  it('takes repetitions and blanks out and keeps the highest probability of each character', () => {
    const rows = Float32Array.from([0, 0.9, 0.1, 0, 1, 0, 0.6, 0.4, 0, 0, 0.7, 0.3, 0, 0.2, 0.8]);
    const spelled = spell(rows, 3, ['', 'a', 'b']);
    expect(spelled.map(({ text }) => text)).toEqual(['a', 'a', 'b']);
    expect(spelled[0]?.probability).toBeCloseTo(1);
    expect(spelled[0]).toMatchObject({ from: 0, to: 1, step: 1 });
  });

  it('writes the same character twice where a blank lies between', () => {
    const rows = Float32Array.from([0.1, 0.9, 0.9, 0.1, 0.2, 0.8]);
    expect(spell(rows, 2, ['', 'a'])).toHaveLength(2);
  });
});

describe('completed', () => {
  const at = (text: string, x: number): Placed => ({ text, probability: 0.9, step: 0, from: 0, to: 0, x });
  const inkWith = (width: number, ...areas: [number, number][]) =>
    inkOf(drawn(width, 48, ...areas.map(([left, wide]): [number, number, number, number] => [left, 6, wide, 36])));

  it('puts a space where words stand apart, and none within Chinese', () => {
    // Letters 12 wide, 4 apart; one gap of 20.
    const ink = inkWith(140, [4, 12], [20, 12], [36, 12], [68, 12], [84, 12]);
    const line = completed([at('a', 10), at('b', 26), at('c', 42), at('d', 74), at('e', 90)], ink);
    expect(line.map(({ text }) => text).join('')).toBe('abc de');
    expect(line[3]).toEqual({ text: ' ', probability: null });
    expect(completed([at('一', 10), at('二', 74)], ink)).toHaveLength(2);
  });

  it('leaves spaces the recogniser wrote and cuts those at the ends', () => {
    const ink = inkWith(140, [4, 12], [40, 12]);
    const line = completed([at(' ', 1), at('a', 10), at(' ', 28), at('b', 46), at(' ', 60)], ink);
    expect(line.map(({ text }) => text).join('')).toBe('a b');
  });

  it('marks a character that is drawn but was not written', () => {
    const cells = [0, 1, 2, 3, 4, 5].map((cell): [number, number] => [8 + cell * 40, 24]);
    const [a, b, c, e, f] = [at('甲', 20), at('乙', 60), at('丙', 100), at('戊', 180), at('己', 220)];
    const texts = (line: readonly Placed[], ink: ReturnType<typeof inkWith>) =>
      completed(line, ink)
        .map(({ text }) => text)
        .join('');
    expect(texts([a, b, c, e, f], inkWith(250, ...cells))).toBe('甲乙丙□戊己');
    // White there is only white.
    expect(texts([a, b, c, e, f], inkWith(250, ...cells.filter((_, cell) => cell !== 3)))).toBe('甲乙丙戊己');
  });
});

describe('boxes', () => {
  it('are found around blobs and grown back to what was shrunken', () => {
    const [width, height] = [100, 60];
    const probabilities = new Float32Array(width * height);
    for (let y = 20; y < 30; y += 1) probabilities.fill(0.9, y * width + 10, y * width + 80);
    probabilities[5] = 0.9;
    const [found, ...more] = boxesIn({ width, height, probabilities });
    expect(more).toEqual([]);
    expect(found?.box.centre[0]).toBeCloseTo(45);
    expect(found?.box.height).toBeGreaterThan(15);
    expect(boxesIn({ width, height, probabilities: probabilities.map((p) => p * 0.5) })).toEqual([]);
  });

  it('turn with what is in them', () => {
    const tilted = [0, 1, 2, 3].flatMap((across) =>
      Array.from({ length: 50 }, (_, along) => [along - across * 0.2, along * 0.2 + across] as const),
    );
    const box = rectangleAround(tilted);
    expect(box.angle).toBeCloseTo(Math.atan(0.2), 2);
    expect(box.width).toBeGreaterThan(10 * box.height);
    const [upperLeft] = cornersOf(box);
    expect(upperLeft[0]).toBeLessThan(2);
  });
});

it('looks at a part of a picture, turned', () => {
  const picture = drawn(10, 10, [8, 0, 2, 10]);
  const view = { origin: [10, 0], along: [0, 1], across: [-1, 0] } as const;
  const turned = lookAt(picture, view, 10, 10);
  expect([...turned.rgb.subarray(0, 30)].every((value) => value === 0)).toBe(true);
  expect(turned.rgb.at(-1)).toBe(255);
});

it('measures the height of what is drawn, dark on light and light on dark', () => {
  const dark = drawn(60, 48, [10, 12, 30, 20]);
  expect(inkHeight(inkOf(dark))).toBe(20);
  expect(inkHeight(inkOf({ ...dark, rgb: dark.rgb.map((value) => 255 - value) }))).toBe(20);
});

it('lays the characters of a column side by side, with their parts together', () => {
  // The second one has three strokes.
  const column = drawn(40, 160, [5, 5, 30, 30], [5, 50, 30, 5], [5, 62, 30, 5], [5, 76, 30, 5], [5, 100, 30, 30]);
  expect(laidSideBySide(column)).toMatchObject({ widthPx: 120, heightPx: 40 });
});

it('finds ruled lines and takes no letters for them', () => {
  const grid = drawn(
    300,
    200,
    [10, 20, 280, 2],
    [10, 180, 280, 2],
    [10, 20, 2, 162],
    [280, 20, 2, 162],
    [50, 60, 12, 12],
  );
  const { across, down } = rulesIn(grid);
  expect(across.map(({ at }) => Math.round(at / 10))).toEqual([2, 18]);
  expect(down.map(({ at }) => Math.round(at / 10))).toEqual([1, 28]);
});
