import fc from 'fast-check';
import { expect, it } from 'vitest';
import { geometryFor, namesSides, type SideLimits, sizeFits } from './geometry.ts';

const side = fc.integer({ min: 1, max: 12_000 });
const limits: fc.Arbitrary<SideLimits> = fc.record(
  {
    minSidePx: fc.integer({ min: 1, max: 600 }),
    maxSidePx: fc.integer({ min: 1, max: 8_000 }),
    maxPixels: fc.integer({ min: 1, max: 50_000_000 }),
    maxRatio: fc.double({ min: 1, max: 300, noNaN: true }),
  },
  { requiredKeys: [] },
);

/** Whether any picture at all could keep to the limits: a square does if one does. */
const isPossible = (one: SideLimits) => {
  const least = one.minSidePx ?? 1;
  return sizeFits({ width: least, height: least }, one);
};

it('gives a canvas within the limits, with the whole picture on it, wherever there is one', () => {
  let changed = 0;
  fc.assert(
    fc.property(side, side, limits, (width, height, one) => {
      const geometry = geometryFor({ width, height }, one);
      if (!geometry) {
        expect(isPossible(one)).toBe(false);
        return;
      }
      const { content, canvas } = geometry;
      expect(sizeFits(canvas, one)).toBe(true);
      expect(content.width).toBeLessThanOrEqual(canvas.width);
      expect(content.height).toBeLessThanOrEqual(canvas.height);
      expect(Math.min(content.width, content.height)).toBeGreaterThanOrEqual(1);
      if (content.width !== width) changed++;
      if (sizeFits({ width, height }, one))
        expect(geometry).toEqual({ content: { width, height }, canvas: { width, height } });
    }),
    { numRuns: 3_000, seed: 5 },
  );
  expect(changed).toBeGreaterThan(500);
});

it('keeps proportions to a pixel, and makes nothing smaller than it must', () => {
  fc.assert(
    fc.property(side, side, fc.integer({ min: 50, max: 5_000 }), (width, height, maxSidePx) => {
      const { content } = geometryFor({ width, height }, { maxSidePx }) ?? { content: { width: 0, height: 0 } };
      const factor = Math.min(1, maxSidePx / Math.max(width, height));
      expect(Math.abs(content.width - Math.max(1, width * factor))).toBeLessThanOrEqual(1);
      expect(Math.abs(content.height - Math.max(1, height * factor))).toBeLessThanOrEqual(1);
    }),
    { numRuns: 1_000, seed: 5 },
  );
});

it('enlarges by whole pixels what is too small, and adds an edge only where that would be too large', () => {
  const whole = { content: { width: 12, height: 15 }, canvas: { width: 12, height: 15 } };
  expect(geometryFor({ width: 4, height: 5 }, { minSidePx: 11 })).toEqual(whole);
  expect(geometryFor({ width: 3_000, height: 5 }, { minSidePx: 11, maxSidePx: 5_000 })).toEqual({
    content: { width: 3_000, height: 5 },
    canvas: { width: 3_000, height: 11 },
  });
  expect(geometryFor({ width: 5, height: 2_000 }, { maxRatio: 200 })).toEqual({
    content: { width: 5, height: 2_000 },
    canvas: { width: 10, height: 2_000 },
  });
});

it('says that limits contradict each other', () => {
  expect(geometryFor({ width: 10, height: 10 }, { minSidePx: 50, maxSidePx: 40 })).toBeNull();
  expect(namesSides({})).toBe(false);
  expect(namesSides({ maxRatio: 2 })).toBe(true);
});
