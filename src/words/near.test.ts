import { expect, test } from 'vitest';
import { likenessOfReadings, nearKeys } from './near.ts';
import { reading } from './pinyin.ts';

const between = (one: string, other: string) => likenessOfReadings(reading(one), reading(other));
test('the same sound, another tone, near and other', () => {
  expect(between('shi4', 'shi4')).toBe('same');
  expect(between('shi4', 'shi2')).toBe('tone');
  expect(between('shi4', 'xi4')).toBe('other');
});

test.each([
  ['zhi1', 'zi1'],
  ['chu1', 'cu1'],
  ['shan1', 'san1'],
  ['jing1', 'jin1'],
  ['liu2', 'niu2'],
  ['fu2', 'hu2'],
  ['fei1', 'hui1'],
  ['fang1', 'huang1'],
  ['fen1', 'hun1'],
  ['zhong1', 'zong4'],
])('%s and %s are near', (one, other) => {
  expect(between(one, other)).toBe('near');
  expect(between(other, one)).toBe('near');
});

test.each([
  ['ban1', 'pan1'],
  ['dan1', 'tan1'],
  ['zhi1', 'ci1'],
  ['jin1', 'jun1'],
])('%s and %s are not', (one, other) => {
  expect(between(one, other)).toBe('other');
});

test('near syllables are filed under a key they share', () => {
  expect(nearKeys('zhang')).toEqual(nearKeys('zan'));
  expect(nearKeys('fei')).toEqual(['hei', 'hui']);
});
