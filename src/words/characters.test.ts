import { expect, it } from 'vitest';
import { isCommonHan, isHan, levelOf } from './characters.ts';

it.each([
  ['的', 1],
  ['彧', 2],
  ['𬬱', 3],
  ['發', null],
  ['a', null],
] as const)('puts %s on level %s', (character, level) => {
  expect(levelOf(character)).toBe(level);
});

it('has the 8,105 characters of the standard', () => {
  const counts = [0, 0, 0];
  for (let code = 0x3400; code < 0x33480; code++) {
    const level = levelOf(String.fromCodePoint(code));
    if (level) counts[level - 1] = (counts[level - 1] ?? 0) + 1;
  }
  expect(counts).toEqual([3500, 3000, 1605]);
});

it.each(['的', '彧', '發', '體', '桜', '読'])('knows that %s is in common use', (character) => {
  expect(isCommonHan(character)).toBe(true);
});

it.each(['𬬱', '㵑', '𠀀', '\uf901', 'a', ''])('does not take %s for a common Chinese character', (character) => {
  expect(isCommonHan(character)).toBe(false);
});

it('tells Chinese characters from others', () => {
  expect(['吧', '𬬱', '〇', '々'].map(isHan)).toEqual([true, true, true, true]);
  expect(['a', '，', 'ア', '', '吧吧'].map(isHan)).toEqual([false, false, false, false, false]);
});
