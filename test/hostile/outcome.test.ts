import { describe, expect, it } from 'vitest';
import { SensoriumError } from '#contract/error.ts';
import type { Perception } from '#contract/perception.ts';
import { slipIn } from './outcome.ts';

const ended = (perception: Perception | null, error: unknown = null) => ({ perception, losses: [], error, tookMs: 1 });
const text = (told: string): Perception => ({ part: 'part-1', kind: 'plain-text', text: told });
const picture = (start: number): Perception => ({
  ...{
    part: 'part-1',
    kind: 'picture',
    text: '😀 字 here',
    widthPx: 1,
    heightPx: 1,
    frames: 1,
    description: null,
    engine: 'fake',
  },
  lines: [
    {
      ...{
        text: 'here',
        start,
        box: [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 1],
        ],
        direction: 'horizontal',
        heightPx: 1,
        characters: [],
      },
      ...{ confidence: null, confidenceSource: null, unwritable: false },
    },
  ],
});

describe('what counts as a bad end', () => {
  it.each<[string, ReturnType<typeof ended>, RegExp]>([
    ['another exception', ended(null, new TypeError('x is undefined')), /threw TypeError/],
    ['a bug of ours', ended(null, new SensoriumError('us.bug', 'Odd.')), /us\.bug/],
    [
      'a stage that took too long',
      ended(null, new SensoriumError('pipeline.timed-out', 'Long.', { hint: 'x' })),
      /timed-out/,
    ],
    ['no next step', ended(null, new SensoriumError('media.broken', 'Broken.')), /without a hint/],
    ['a path of ours', ended(null, new SensoriumError('media.broken', '/tmp/x', { hint: 'x' })), /tells too much/],
    ['nothing at all', ended(null), /without a perception/],
    ['half a character', ended(text('\ud800')), /half a character/],
    ['a line that is elsewhere', ended(picture(5)), /is not at 5/],
    ['nothing told and no reason', ended({ ...picture(4), text: '', lines: [] } as Perception), /empty picture/],
  ])('%s', (_what, outcome, slip) => {
    expect(slipIn(outcome)).toMatch(slip);
  });

  it('not what is told with a code and the next step, nor what holds', () => {
    expect(slipIn(ended(null, new SensoriumError('media.broken', 'Broken.', { hint: 'Mend it.' })))).toBeNull();
    expect([slipIn(ended(picture(4))), slipIn(ended(text('字')))]).toEqual([null, null]);
  });
});
