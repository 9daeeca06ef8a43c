import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignTokens } from './align.ts';
import { interpolate, tokenSpans, voicedFrames, withinOneSpan } from './place.ts';

describe('alignTokens', () => {
  it('follows the attention', () => {
    const attention = Float32Array.of(1, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1);
    expect(alignTokens(attention, 3, 5)).toEqual([0, 2, 4]);
  });

  it('gives every token a frame, also one that nothing attends to', () => {
    expect(alignTokens(Float32Array.of(1, 1, 0, 0, 0, 0), 2, 3)).toEqual([0, 2]);
  });

  it('refuses more tokens than frames', () => {
    expect(alignTokens(new Float32Array(6), 3, 2)).toBeNull();
    expect(alignTokens(new Float32Array(0), 0, 5)).toBeNull();
  });

  it('collects the greatest attention that keeps the order (property)', () => {
    const shape = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 3, max: 6 }));
    const table = shape.chain(([tokens, frames]) =>
      fc.tuple(
        fc.constant(tokens),
        fc.constant(frames),
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: tokens * frames, maxLength: tokens * frames }),
      ),
    );
    fc.assert(
      fc.property(table, ([tokens, frames, values]) => {
        const attention = Float32Array.from(values);
        const first = alignTokens(attention, tokens, frames) ?? [];
        expect(first[0]).toBe(0);
        expect(collected(attention, first, frames)).toBe(bestByTrying(attention, tokens, frames));
      }),
    );
  });
});

function collected(attention: Float32Array, first: readonly number[], frames: number): number {
  let sum = 0;
  for (const [token, from] of first.entries()) {
    const to = first[token + 1] ?? frames;
    expect(to).toBeGreaterThan(from);
    for (let frame = from; frame < to; frame += 1) sum += attention[token * frames + frame] ?? 0;
  }
  return sum;
}

function bestByTrying(attention: Float32Array, tokens: number, frames: number): number {
  const tries = (chosen: number[]): number[][] => {
    if (chosen.length === tokens) return [chosen];
    const ways: number[][] = [];
    for (let next = (chosen.at(-1) ?? 0) + 1; next < frames; next += 1) ways.push(...tries([...chosen, next]));
    return ways;
  };
  return Math.max(...tries([0]).map((first) => collected(attention, first, frames)));
}

describe('placing words', () => {
  const clock = { frameMs: 24, fromMs: -300 };
  const speech = [
    { startMs: 0, endMs: 100 },
    { startMs: 500, endMs: 700 },
  ];

  it('leaves silent frames out', () => {
    const frames = voicedFrames(50, clock, speech);
    expect(frames.length).toBe(14);
    for (const frame of frames) {
      const ms = clock.fromMs + (frame + 0.5) * clock.frameMs;
      expect((ms >= 0 && ms <= 100) || (ms >= 500 && ms <= 700)).toBe(true);
    }
  });

  it('lets a token last until the next', () => {
    expect(tokenSpans([0, 2], [10, 11, 30, 31], { frameMs: 10, fromMs: 5 })).toEqual([
      { startMs: 105, endMs: 125 },
      { startMs: 305, endMs: 325 },
    ]);
  });

  it('does not stretch a word over a pause', () => {
    expect(withinOneSpan({ startMs: 80, endMs: 650 }, speech)).toEqual({ startMs: 500, endMs: 650 });
    expect(withinOneSpan({ startMs: 20, endMs: 510 }, speech)).toEqual({ startMs: 20, endMs: 100 });
  });

  it('spreads words over voiced time when nothing better is known', () => {
    expect(interpolate(['a', 'bb'], speech)).toEqual([
      { startMs: 0, endMs: 100 },
      { startMs: 500, endMs: 700 },
    ]);
  });
});
