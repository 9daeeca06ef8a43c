import { describe, expect, it } from 'vitest';
import { isSpace, isUnspaced, isWide, letterOf } from './letters.ts';

describe('letterOf', () => {
  it('spells ligatures out and marks of symbol fonts as what they show', () => {
    expect([0xfb00, 0xfb01, 0xfb02, 0xfb03, 0xfb04, 0xfb06].map(letterOf)).toEqual([
      'ff',
      'fi',
      'fl',
      'ffi',
      'ffl',
      'st',
    ]);
    expect(letterOf(0xf0b7)).toBe('•');
    expect(letterOf(0x6c49)).toBe('汉');
    expect(letterOf(0x1f600)).toBe('😀');
  });

  it('knows what nobody can read', () => {
    for (const codePoint of [0, 1, 0x1f, 0x80, 0xd800, 0xe000, 0xf8ff, 0xfffd, 0xffff, 0xf0001])
      expect(letterOf(codePoint)).toBeNull();
  });

  it('takes the hyphen of a line end for one of typesetting', () => {
    expect(letterOf(2)).toBe('\u00ad');
    expect(letterOf(0xad)).toBe('\u00ad');
    expect(letterOf(0x2d)).toBe('-');
    expect(isSpace(2)).toBe(false);
  });
});

describe('scripts', () => {
  it('tells which need no spaces', () => {
    expect([...'汉か。，'].every(isUnspaced)).toBe(true);
    expect([...'한aé'].some(isUnspaced)).toBe(false);
    expect([...'汉か한，'].every(isWide)).toBe(true);
  });
});
