import fc from 'fast-check';
import { expect, it } from 'vitest';
import { planPieces } from './cuts.ts';
import { LEVEL_MS } from './loudness.ts';

/** Loud everywhere but around the pauses, given in milliseconds. */
function levels(durationMs: number, pausesAt: readonly number[]): Float32Array {
  return Float32Array.from({ length: Math.floor(durationMs / LEVEL_MS) }, (_, at) =>
    pausesAt.some((pause) => Math.abs(at * LEVEL_MS - pause) < 300) ? 1e-6 : 0.1,
  );
}

it('covers a recording without gaps in pieces that are neither too long nor too short', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1, max: 4 * 3_600_000, noNaN: true }),
      fc.integer({ min: 1_000, max: 600_000 }),
      fc.integer({ min: 1, max: 40 }),
      fc.double({ min: 0, max: 0.5, noNaN: true }),
      fc.array(fc.integer({ min: 0, max: 600_000 }), { maxLength: 20 }),
      (durationMs, longestMs, most, share, pauses) => {
        const shortestMs = longestMs * share;
        const pieces = planPieces(levels(Math.min(durationMs, 600_000), pauses), durationMs, {
          longestMs,
          shortestMs,
          most,
        });
        expect(pieces.length).toBeLessThanOrEqual(most);
        let at = 0;
        for (const { startMs, endMs } of pieces) {
          expect(startMs).toBe(at);
          expect(endMs - startMs).toBeLessThanOrEqual(longestMs + 1e-6);
          if (pieces.length > 1)
            expect(endMs - startMs).toBeGreaterThanOrEqual(Math.min(shortestMs, longestMs / 2) - 1e-6);
          at = endMs;
        }
        if (durationMs <= most * longestMs) expect(at).toBe(durationMs);
        // Where something has to be left out, no more is than 2 s beyond that.
        else expect(at).toBeGreaterThanOrEqual(most * longestMs - 2_000 - LEVEL_MS);
      },
    ),
    { numRuns: 1_000, seed: 3 },
  );
});

it('cuts in the pause that is nearest to equal pieces', () => {
  const pieces = planPieces(levels(60_000, [9_000, 22_000, 26_000, 44_000]), 60_000, {
    longestMs: 30_000,
    shortestMs: 500,
    most: 10,
  });
  expect(pieces.length).toBe(3);
  for (const cut of [pieces[0]?.endMs ?? 0, pieces[1]?.endMs ?? 0]) {
    expect([9_000, 22_000, 26_000, 44_000].some((pause) => Math.abs(pause - cut) < 300)).toBe(true);
  }
});

it('leaves whole what is short enough', () => {
  expect(planPieces(levels(5_000, []), 5_000, { longestMs: 5_000, shortestMs: 500, most: 1 })).toEqual([
    { startMs: 0, endMs: 5_000 },
  ]);
});
