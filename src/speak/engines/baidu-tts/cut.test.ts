import { describe, expect, it } from 'vitest';
import { cutForBaidu, gbkBytes } from './cut.ts';

describe('cutForBaidu', () => {
  it('leaves alone what Baidu takes at once: up to 1023 bytes', () => {
    const text = `${'好'.repeat(511)}a`;
    expect(gbkBytes(text)).toBe(1_023);
    expect(cutForBaidu(text)).toEqual([text]);
    expect(cutForBaidu('  ')).toEqual([]);
  });

  it('cuts after the last full stop within reach, else after a comma, else at a space, and loses nothing', () => {
    const stop = `${'一'.repeat(200)}，${'二'.repeat(200)}。`;
    const long = `${stop}${'三'.repeat(50)}，${'四'.repeat(300)}`;
    expect(cutForBaidu(long)).toEqual([stop, long.slice(stop.length)]);
    const commas = `${'一'.repeat(300)}，${'二'.repeat(300)}`;
    expect(cutForBaidu(commas)).toEqual([`${'一'.repeat(300)}，`, '二'.repeat(300)]);
    const words = 'word '.repeat(300).trim();
    const pieces = cutForBaidu(words);
    expect(pieces.join(' ')).toBe(words);
    expect(pieces.every((piece) => gbkBytes(piece) < 1_024)).toBe(true);
  });

  it('counts four bytes for what only GB18030 has', () => {
    expect(gbkBytes('a好🐟')).toBe(7);
  });

  it('refuses what has no place to cut', () => {
    expect(() => cutForBaidu('好'.repeat(512))).toThrow(expect.objectContaining({ code: 'speak.too-long' }));
  });
});
