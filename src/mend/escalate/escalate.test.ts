import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TextLine } from '#contract/perception.ts';
import { clipSays, clipsFor, cropSays, cropsFor } from './index.ts';

describe('clipsFor', () => {
  const span = (startMs: number, endMs: number, pError = 0.6) => ({ time: { startMs, endMs }, pError });

  it('cuts around doubtful places, and near ones together', () => {
    expect(clipsFor([span(5_000, 5_400), span(6_800, 7_000), span(100, 300)], 60_000)).toEqual([
      { startMs: 0, endMs: 1_000 },
      { startMs: 4_300, endMs: 7_700 },
    ]);
  });

  it('takes the most doubtful ones, few and short, and nothing without a time or outside', () => {
    const many = Array.from({ length: 9 }, (_, at) => span(at * 5_000, at * 5_000 + 400, at / 10));
    expect(clipsFor(many, 60_000).map(({ startMs }) => startMs)).toEqual([29_300, 34_300, 39_300]);
    expect(clipsFor([{ time: null, pError: 0.9 }, span(9_000, 9_100)], 9_000)).toEqual([]);
    expect(clipsFor([span(0, 60_000, 0.9), span(30_000, 30_500, 0.5)], 60_000)).toEqual([
      { startMs: 29_300, endMs: 31_200 },
    ]);
  });

  it('stays in its bounds', () => {
    const spans = fc.array(
      fc.record({
        startMs: fc.nat(120_000),
        longMs: fc.nat(9_000),
        pError: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
    );
    fc.assert(
      fc.property(spans, fc.nat(120_000), (some, durationMs) => {
        const clips = clipsFor(
          some.map(({ startMs, longMs, pError }) => span(startMs, startMs + longMs, pError)),
          durationMs,
        );
        expect(clips.length).toBeLessThanOrEqual(3);
        expect(clips.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0)).toBeLessThanOrEqual(20_000);
        for (const [at, { startMs, endMs }] of clips.entries()) {
          expect(startMs).toBeLessThan(endMs);
          expect(endMs).toBeLessThanOrEqual(durationMs);
          expect(startMs).toBeGreaterThanOrEqual(clips[at - 1]?.endMs ?? 0);
        }
      }),
    );
  });
});

describe('cropsFor', () => {
  const line = (text: string, start: number | null, top: number, unwritable = false): TextLine => ({
    ...{ text, start, direction: 'horizontal', heightPx: 20, characters: [], confidence: null, confidenceSource: null },
    ...{
      unwritable,
      box: [
        [10, top],
        [90, top],
        [90, top + 20],
        [10, top + 20],
      ],
    },
  });
  const picture = {
    widthPx: 100,
    heightPx: 400,
    lines: [line('一二', 0, 10), line('三四', 3, 200), line('五六', 6, 230)],
  };

  it('cuts lines with doubtful characters out, with a line of room, overlapping ones as one', () => {
    expect(cropsFor([{ start: 0, end: 1, pError: 0.5 }], picture)).toEqual([
      { left: 0, top: 0, widthPx: 100, heightPx: 50, text: '一二' },
    ]);
    const both = [
      { start: 4, end: 5, pError: 0.5 },
      { start: 6, end: 8, pError: 0.3 },
    ];
    expect(cropsFor(both, picture)).toEqual([{ left: 0, top: 180, widthPx: 100, heightPx: 90, text: '三四\n五六' }]);
    expect(cropsFor([], picture)).toEqual([]);
  });

  it('shows what the reader cannot write, and no more than three pieces', () => {
    const lines = Array.from({ length: 6 }, (_, at) => line(`${at}`, at, at * 100, at % 2 === 0 || at === 5));
    const crops = cropsFor([{ start: 0, end: 1, pError: 0.9 }], { widthPx: 100, heightPx: 700, lines });
    expect(crops.map(({ text }) => text)).toEqual(['0', '2', '4']);
    expect(cropsFor([], { widthPx: 100, heightPx: 400, lines: [line('x', null, 50, true)] })).toHaveLength(1);
  });
});

it('says where a clip or crop is from', () => {
  const clip = { startMs: 61_200, endMs: 63_000 };
  expect(clipSays(clip, null, 'en')).toContain('recording, 1:01.2–1:03.0:');
  expect(clipSays({ startMs: 300, endMs: 2_000 }, 2, 'zh')).toContain('录音 2中 0:00.3–0:02.0 的原声');
  expect(cropSays({ left: 0, top: 0, widthPx: 1, heightPx: 1, text: '一\n二' }, null, 'zh')).toContain('“一 / 二”');
  expect(cropSays({ left: 0, top: 0, widthPx: 1, heightPx: 1, text: 'a' }, 3, 'en')).toContain('picture 3');
});
