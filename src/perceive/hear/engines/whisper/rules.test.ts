import { describe, expect, it } from 'vitest';
import { rulesOf, type SoFar } from './rules.ts';

/** Text 0–9, the end 10, marks 11–16, times from 17 on. */
const END = 10;
const TIME = 17;
const rules = rulesOf({
  tokens: { start: 11, end: END, transcribe: 13, previous: 14, noSpeech: 15, noTimestamps: 16, languages: new Map() },
  suppressed: [3],
  suppressedFirst: [0, END],
  latestStart: 2,
});

/** What may come next when all is equally probable, or as `likely` says. */
function allowed(ids: readonly number[], timestamps: boolean, likely: Readonly<Record<number, number>> = {}): number[] {
  const logits = Float32Array.from({ length: TIME + 6 }, (_, id) => likely[id] ?? 0);
  rules(logits, { ids, timestamps } satisfies SoFar);
  return [...logits.keys()].filter((id) => logits[id] !== Number.NEGATIVE_INFINITY);
}
/** Text so probable that no time outweighs it. */
const text = { 5: 9 };
const words = [1, 2, 4, 5, 6, 7, 8, 9];

describe('without times', () => {
  it('begins with text: no blank, no end, no mark, nothing on the list', () => {
    expect(allowed([], false)).toEqual(words);
  });
  it('goes on with text or ends', () => {
    expect(allowed([5], false)).toEqual([0, ...words, END]);
  });
});

describe('with times', () => {
  it('begins with an early time', () => {
    expect(allowed([], true)).toEqual([TIME, TIME + 1, TIME + 2]);
  });
  it('has text after a start', () => {
    expect(allowed([TIME], true, text)).toEqual([0, ...words, END]);
  });
  it('has text, the end or a later time after text', () => {
    expect(allowed([TIME + 1, 5], true, text)).toEqual([0, ...words, END, TIME + 2, TIME + 3, TIME + 4, TIME + 5]);
  });
  it('has a start or the end of all after an end, and the start may be the same', () => {
    expect(allowed([TIME, 5, TIME + 3], true, { [END]: 9 })).toEqual([END, TIME + 3, TIME + 4, TIME + 5]);
  });
  it('takes a time when all times together outweigh any text', () => {
    expect(allowed([TIME, 5], true, { 5: 1 })).toEqual([TIME + 1, TIME + 2, TIME + 3, TIME + 4, TIME + 5]);
  });
});
