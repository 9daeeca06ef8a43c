import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TimeSpan } from '#contract/finding.ts';
import { buzz, soundOf } from './__fixtures__/sound.ts';
import { type Piece, readPieces } from './pieces.ts';

const limits = { maxMs: 2_000, maxPauseMs: 500, padMs: 100 };
const signal = new AbortController().signal;

async function piecesOf(samples: Float32Array, speech: TimeSpan[], chunk?: number): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for await (const piece of readPieces(soundOf(samples, chunk), speech, limits, signal)) pieces.push(piece);
  return pieces;
}

describe('readPieces', () => {
  it('puts silence before a first word that comes at once', async () => {
    const speech = [{ startMs: 0, endMs: 500 }];
    const [piece] = await piecesOf(buzz(600, speech).fill(0.5), speech);
    expect(piece).toMatchObject({ fromMs: -100, speech, cutInSpeech: false });
    expect(piece?.samples.length).toBe(700 * 16);
    expect(piece?.samples[100 * 16 - 1]).toBe(0);
    expect(piece?.samples[100 * 16]).toBe(0.5);
  });

  it('cuts endless speech at its quietest moment and says so', async () => {
    const speech = [{ startMs: 0, endMs: 3_000 }];
    const samples = buzz(3_000, speech);
    samples.fill(0, 1_700 * 16, 1_730 * 16);
    const [first, second] = await piecesOf(samples, speech);
    expect(first?.cutInSpeech).toBe(true);
    expect(first?.speech[0]?.endMs).toBeGreaterThanOrEqual(1_700);
    expect(first?.speech[0]?.endMs).toBeLessThanOrEqual(1_730);
    expect(second?.speech[0]).toEqual({ startMs: first?.speech[0]?.endMs, endMs: 3_000 });
    expect(second?.cutInSpeech).toBe(false);
  });

  it('ends when the recording is shorter than was said', async () => {
    const speech = [
      { startMs: 100, endMs: 900 },
      { startMs: 5_000, endMs: 6_000 },
    ];
    expect(await piecesOf(buzz(500, speech), speech)).toHaveLength(1);
  });

  it('closes the sound when the reader stops early', async () => {
    let closed = false;
    const sound = {
      sampleRateHz: 16_000 as const,
      async *pcm() {
        try {
          for (;;) yield new Float32Array(1_600);
        } finally {
          closed = true;
        }
      },
    };
    const speech = [
      { startMs: 0, endMs: 1_000 },
      { startMs: 4_000, endMs: 5_000 },
    ];
    for await (const _ of readPieces(sound, speech, limits, signal)) break;
    expect(closed).toBe(true);
  });

  it('gives every voiced sample to one piece, at its time, never more than the limit (property)', async () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 1, max: 5_000 })), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 9_000 }), async (lengths, chunk) => {
        let atMs = 0;
        const speech = lengths.map(([pauseMs, voiceMs]) => {
          const startMs = atMs + pauseMs;
          atMs = startMs + voiceMs;
          return { startMs, endMs: atMs };
        });
        // Sample values tell their own place, so that a shifted or doubled one would be seen.
        const samples = Float32Array.from({ length: atMs * 16 }, (_, at) => at + 1);
        const seen = new Uint8Array(samples.length);
        let lastMs = 0;
        for (const piece of await piecesOf(samples, speech, chunk)) {
          const voicedMs = (piece.speech.at(-1)?.endMs ?? 0) - (piece.speech[0]?.startMs ?? 0);
          expect(voicedMs).toBeLessThanOrEqual(limits.maxMs);
          expect(piece.samples.length).toBe((voicedMs + 2 * limits.padMs) * 16);
          expect(piece.speech[0]?.startMs).toBeGreaterThanOrEqual(lastMs);
          lastMs = piece.speech.at(-1)?.endMs ?? 0;
          let misplaced = 0;
          for (const [at, value] of piece.samples.entries()) {
            if (value === 0) continue;
            if (value - 1 !== piece.fromMs * 16 + at) misplaced += 1;
            seen[value - 1] = (seen[value - 1] ?? 0) + 1;
          }
          expect(misplaced).toBe(0);
        }
        expect(seen.every((count) => count <= 1)).toBe(true);
        for (const { startMs, endMs } of speech)
          expect(seen.subarray(startMs * 16, endMs * 16).includes(0)).toBe(false);
      }),
      { numRuns: 30 },
    );
  });
});
