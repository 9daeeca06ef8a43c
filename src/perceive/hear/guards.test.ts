import { describe, expect, it } from 'vitest';
import type { Segment, Word } from '#contract/perception.ts';
import { longestLoop, suspicionsOf } from './guards.ts';
import { segmentFrom } from './segment.ts';

function segment(text: string, logprob: number, seconds = 10): Segment {
  const spoken = text.split(' ');
  const words = spoken.map(
    (word, at): Word => ({
      text: word,
      startMs: (at / spoken.length) * seconds * 1000,
      endMs: ((at + 1) / spoken.length) * seconds * 1000,
      confidence: Math.exp(logprob),
      confidenceSource: 'test',
      timeSource: 'model',
      tokens: [{ id: 1, text: word, logprob }],
    }),
  );
  return segmentFrom(words);
}
const speech = [{ startMs: 0, endMs: 60_000 }];
const kinds = (one: Segment) => suspicionsOf(one, speech).map(({ kind, drop }) => `${kind} ${drop ? 'drop' : 'keep'}`);
const question = 'And so my fellow Americans ask not what your country can do for you';

describe('suspicionsOf', () => {
  it('finds nothing wrong with plain speech', () => {
    expect(kinds(segment(question, -0.2))).toEqual([]);
  });

  it('drops a loop the recogniser is unsure of and keeps one it is sure of', () => {
    const loop = 'the first one is the one who is the one who is the one who is the one who';
    expect(kinds(segment(loop, -0.9))).toContain('repetition drop');
    expect(kinds(segment('no no no no no no', -0.05))).toEqual(['repetition keep']);
  });

  it('drops text that compresses too well', () => {
    const text = Array.from({ length: 40 }, () => 'and so on and on').join(' ');
    expect(kinds(segment(text, -0.9, 60))).toContain('compression drop');
  });

  it('drops text the recogniser finds improbable', () => {
    expect(kinds(segment(question, -1.2))).toEqual(['improbable-text drop']);
  });

  it('drops more text than can be said in the time', () => {
    expect(kinds(segment(question, -0.2, 1))).toEqual(['improbable-text drop']);
  });
});

describe('longestLoop', () => {
  const loop = (text: string) => longestLoop(text.split(' '));

  it.each([
    ['a b c a b c a b c', 3, 9],
    ['x no no no no no y', 1, 5],
    ['i am happy to speak today i am happy to spoke', null, null],
    ['i am happy to speak here today i am happy to speak he', 7, 13],
    ['one two three one two three', null, null],
    ['very very very good', null, null],
  ])('%s', (text, period, words) => {
    expect(loop(text)).toEqual(period === null ? null : { period, words });
  });
});
