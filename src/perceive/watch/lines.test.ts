import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TextLine } from '#contract/perception.ts';
import { textLine } from './__fixtures__/fakes.ts';
import { boxOf } from './box.ts';
import { lineFollower } from './lines.ts';
import { inOrder, writtenMoments } from './moments.ts';
import { readingOf } from './same-line.ts';

const SIZE = { widthPx: 640, heightPx: 360 };

/** Follows frames, a second apart; `null` is a frame without writing. */
function followed(frames: readonly (readonly TextLine[])[]) {
  const follower = lineFollower();
  frames.forEach((lines, at) => {
    follower.see(
      at * 1_000,
      lines.map((line) => ({ line, box: boxOf(line, SIZE), source: 'fake' })),
    );
  });
  return follower.lines();
}

const told = (frames: readonly (readonly TextLine[])[]) =>
  followed(frames).map(({ text, startMs, endMs }) => `${text} ${startMs}-${endMs}`);

/** A line of which one character was read with doubt. */
function doubtful(text: string, at: number, left = 40, top = 40): TextLine {
  const line = textLine(text, left, top);
  return {
    ...line,
    confidence: 0.9,
    characters: line.characters.map((one, index) => (index === at ? { ...one, probability: 0.4 } : one)),
  };
}

describe('lines over time', () => {
  it('are one from first to last sight, through a frame in which they were missed', () => {
    const line = textLine('a title', 40, 40);
    expect(told([[line], [line], [], [line]])).toEqual(['a title 0-3000']);
    expect(told([[line], [], [], [], [line]])).toEqual(['a title 0-0', 'a title 4000-4000']);
  });

  it('are one where the reader doubts what differs, in the surer reading', () => {
    expect(told([[doubtful('speed of 1ight', 9)], [textLine('speed of light', 40, 40)]])).toEqual([
      'speed of light 0-1000',
    ]);
    expect(told([[textLine('speed of light', 40, 40)], [doubtful('speed of 1ight', 9)]])).toEqual([
      'speed of light 0-1000',
    ]);
  });

  it('are two where it is sure of both', () => {
    expect(told([[textLine('speed 12 km', 40, 40)], [textLine('speed 13 km', 40, 40)]])).toHaveLength(2);
    expect(told([[textLine('第一章', 40, 40)], [textLine('第二章', 40, 40)]])).toHaveLength(2);
    expect(told([[textLine('speed of light', 40, 40)], [doubtful('speed of 1ight', 9, 40, 200)]])).toHaveLength(2);
  });

  it('are one without probabilities where a long line differs in one letter, never in a figure', () => {
    const blind = (text: string) => textLine(text, 40, 40, null);
    expect(told([[blind('what was measured')], [blind('what wos measured')]])).toHaveLength(1);
    expect(told([[blind('what was measured 12')], [blind('what was measured 13')]])).toHaveLength(2);
    expect(told([[blind('short')], [blind('shirt')]])).toHaveLength(2);
  });

  it('grow, and move', () => {
    expect(
      told([[textLine('what', 40, 40)], [textLine('what was', 40, 40)], [textLine('what was it', 40, 40)]]),
    ).toEqual(['what was it 0-2000']);
    expect(told([[textLine('rolls up', 40, 300)], [textLine('rolls up', 40, 100)]])).toEqual(['rolls up 0-1000']);
  });

  it('that stand twice in a frame stay two', () => {
    const twice = [textLine('OK', 40, 40), textLine('OK', 40, 200)];
    expect(told([twice, twice])).toEqual(['OK 0-1000', 'OK 0-1000']);
  });

  it('lose nothing: each line of each frame is in a moment of that time, in order and within the video', () => {
    const word = fc.constantFrom('speed', '12', '13', 'light', '速度', '光', 'of', 'a', 'É');
    const line = fc
      .tuple(fc.array(word, { minLength: 1, maxLength: 4 }), fc.integer({ min: 0, max: 5 }), fc.boolean())
      .map(([words, row, isSure]) => textLine(words.join(' '), 20, row * 50, isSure ? 0.95 : null));
    const frames = fc.array(fc.array(line, { maxLength: 5 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(frames, (all) => {
        const durationMs = all.length * 1_000;
        const moments = inOrder(writtenMoments(followed(all)), durationMs);
        for (const [at, moment] of moments.entries()) {
          expect(moment.startMs).toBeGreaterThanOrEqual(moments[at - 1]?.startMs ?? 0);
          expect(moment.endMs).toBeGreaterThanOrEqual(moment.startMs);
          expect(moment.endMs).toBeLessThanOrEqual(durationMs);
        }
        const plain = (text: string) => readingOf({ text, characters: [] }).characters.join('');
        all.forEach((lines, at) => {
          for (const { text } of lines) {
            const there = moments.filter(({ startMs, endMs }) => startMs <= at * 1_000 && endMs >= at * 1_000);
            const texts = there.flatMap((moment) => moment.text.split('\n').map(plain));
            // Growing text takes in what it grew from. Without probabilities one letter in twelve may differ; these are shorter.
            expect(texts.some((one) => one.startsWith(plain(text)))).toBe(true);
          }
        });
      }),
      { numRuns: 500, seed: 6 },
    );
  });
});

it('lines that came and went together are one moment, with the mean of what was measured', () => {
  const lines = followed([
    [textLine('one', 40, 40, 0.8), textLine('two', 40, 90, 0.6)],
    [textLine('three', 40, 200, null)],
  ]);
  expect(writtenMoments(lines)).toMatchObject([
    { text: 'one\ntwo', confidence: expect.closeTo(0.7) },
    { text: 'three', confidence: null },
  ]);
});
