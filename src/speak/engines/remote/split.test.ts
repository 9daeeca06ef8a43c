import { describe, expect, it } from 'vitest';
import { stretches } from './split.ts';

describe('stretches', () => {
  it.each([
    ['short', 10, ['short']],
    ['一二三，四五六。七八', 8, ['一二三，四五六。', '七八']],
    ['one two three', 9, ['one two', 'three']],
    ['abcdefghij', 4, ['abcd', 'efgh', 'ij']],
    ['ab, cd ef', 6, ['ab,', 'cd ef']],
    ['   ', 4, []],
  ])('cuts %j at %i', (text, most, found) => {
    expect(stretches(text, most)).toEqual(found);
  });

  it('never cuts a character in two', () => {
    expect(stretches('🙂🙂🙂', 3)).toEqual(['🙂', '🙂', '🙂']);
  });
});
