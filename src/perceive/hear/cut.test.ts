import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TimeSpan } from '#contract/finding.ts';
import { inOrder, planPieces } from './cut.ts';

const limits = { maxMs: 10_000, maxPauseMs: 2_000, padMs: 300 };
const span = (startMs: number, endMs: number): TimeSpan => ({ startMs, endMs });

describe('planPieces', () => {
  it('keeps together what fits', () => {
    const speech = [span(500, 3_000), span(3_500, 9_000)];
    expect(planPieces(speech, limits)).toEqual([{ speech, fromMs: 200, toMs: 9_300 }]);
  });

  it('cuts at the longest pause within reach, not at the last', () => {
    const speech = [span(0, 6_000), span(6_900, 8_000), span(8_100, 9_500), span(9_600, 15_000)];
    expect(planPieces(speech, limits).map((piece) => piece.speech.length)).toEqual([1, 3]);
  });

  it('lets no long silence into a piece', () => {
    expect(planPieces([span(0, 1_000), span(3_001, 4_000)], limits)).toHaveLength(2);
  });

  it('shares a short pause between its neighbours', () => {
    const [first, second] = planPieces([span(0, 9_000), span(9_200, 15_000)], limits);
    expect(first?.toMs).toBe(9_100);
    expect(second?.fromMs).toBe(9_100);
  });

  it('puts spans in order, joins overlapping ones and drops empty ones', () => {
    expect(inOrder([span(5, 9), span(1, 3), span(2, 4), span(7, 7)])).toEqual([span(1, 4), span(5, 9)]);
  });

  it('covers all speech once, in order, within the limits (property)', () => {
    const lengths = fc.array(fc.tuple(fc.integer({ min: 1, max: 4_000 }), fc.integer({ min: 1, max: 15_000 })), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(lengths, (steps) => {
        let atMs = 0;
        const speech = steps.map(([pauseMs, voiceMs]) => {
          const startMs = atMs + pauseMs;
          atMs = startMs + voiceMs;
          return span(startMs, atMs);
        });
        const pieces = planPieces(speech, limits);
        expect(pieces.flatMap((piece) => piece.speech)).toEqual(speech);
        for (const [at, piece] of pieces.entries()) {
          const startMs = piece.speech[0]?.startMs ?? 0;
          const endMs = piece.speech.at(-1)?.endMs ?? 0;
          if (piece.speech.length > 1) expect(endMs - startMs).toBeLessThanOrEqual(limits.maxMs);
          expect(piece.fromMs).toBeLessThanOrEqual(startMs);
          expect(piece.toMs).toBeGreaterThanOrEqual(endMs);
          expect(piece.fromMs).toBeGreaterThanOrEqual(pieces[at - 1]?.toMs ?? 0);
        }
      }),
    );
  });
});
