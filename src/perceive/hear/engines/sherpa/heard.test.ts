import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOrder } from '../../cut.ts';
import { segmentFor, spansOf } from './heard.ts';

const offline = { lang: '', emotion: '', event: '' };
const stretch = { fromMs: 0, toMs: 3_000, speech: [{ startMs: 0, endMs: 3_000 }], source: 'zipformer:x' } as const;

describe('segmentFor', () => {
  it('puts bytes together into characters, and leaves out what is no text', () => {
    const tokens = ['<0xE4>', '<0xBD>', '<0xA0>', '<unk>', '<|BGM|>', ' hi'];
    const result = { ...offline, text: '你 hi', tokens, timestamps: [] };
    const segment = segmentFor({ ...stretch, kind: 'sensevoice', result });
    expect(segment?.text).toBe('你hi');
    // A tag in the middle of the words tells a sound as well.
    expect(segment?.events).toEqual([{ label: 'music', probability: null, source: 'zipformer:x' }]);
  });

  it('keeps to the text where tokens spell something else, and then has no figures', () => {
    const result = {
      text: '甚至 a b',
      tokens: ['ƌŕş', 'ƌ'],
      timestamps: [0, 1],
      ys_probs: [-0.5, -0.25],
      start_time: 0,
    };
    const segment = segmentFor({ ...stretch, kind: 'zipformer', result });
    expect(segment?.text).toBe('甚至a b');
    expect(segment?.meanLogprob).toBeNull();
    expect(segment?.words.every((word) => word.confidence === null && word.timeSource === 'interpolated')).toBe(true);
  });

  it('has no segment where nothing was written', () => {
    const result = { ...offline, lang: '<|nospeech|>', text: '', tokens: [], timestamps: [] };
    expect(segmentFor({ ...stretch, kind: 'sensevoice', result })).toBeNull();
  });

  it('gives whole times in order within speech, whatever the model says', () => {
    const speech = fc
      .array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 30 })), { minLength: 1, maxLength: 4 })
      .map((spans) => inOrder(spans.map(([startMs, length]) => ({ startMs, endMs: startMs + length }))));
    const token = fc.record({
      text: fc.constantFrom('你', ' a', 'b', '。', ' '),
      s: fc.integer({ min: -10, max: 110 }),
    });
    fc.assert(
      fc.property(speech, fc.array(token, { minLength: 1, maxLength: 8 }), (spans, told) => {
        const times = told.map(({ s }) => s / 1000).sort((a, b) => a - b);
        const result = { ...offline, text: '', tokens: told.map(({ text }) => text), timestamps: times };
        const segment = segmentFor({ kind: 'sensevoice', result, fromMs: 0, toMs: 110, speech: spans, source: 'x' });
        let last = 0;
        for (const { startMs, endMs } of segment?.words ?? []) {
          expect(startMs).toBeGreaterThanOrEqual(last);
          expect(spans.some((span) => startMs >= span.startMs - 1 && endMs <= span.endMs + 1)).toBe(true);
          expect(endMs).toBeGreaterThanOrEqual(startMs);
          last = startMs;
        }
        expect(segment?.endMs).toBe(segment?.words.at(-1)?.endMs);
      }),
      { numRuns: 1_000 },
    );
  });
});

it('lets a token last until the next begins, and moves what lies in silence to the nearest voice', () => {
  const speech = [
    { startMs: 100, endMs: 500 },
    { startMs: 900, endMs: 1_000 },
  ];
  expect(spansOf([50, 200, 600, 950], 1_400, speech)).toEqual([
    { startMs: 100, endMs: 200 },
    { startMs: 200, endMs: 500 },
    { startMs: 500, endMs: 950 },
    { startMs: 950, endMs: 1_000 },
  ]);
});
