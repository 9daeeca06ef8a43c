import { expect, test } from 'vitest';
import { atLeast, likeness, likenessOfReadings } from './near.ts';
import { reading, readingsOf } from './pinyin.ts';

const between = (one: string, other: string) => likenessOfReadings(reading(one), reading(other));
const heard = (one: string, other: string) =>
  likeness({ character: one, readings: readingsOf(one) }, { character: other, readings: readingsOf(other) });

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

test('characters are alike in whichever of their readings is closest', () => {
  expect(heard('行', '航')).toBe('same');
  expect(heard('行', '型')).toBe('same');
  expect(heard('抚', '扶')).toBe('tone');
  expect(heard('录', '路')).toBe('same');
});

test('without readings only the same is alike', () => {
  expect(heard('A', 'A')).toBe('same');
  expect(heard('A', 'B')).toBe('other');
});

test('same is at least near, other is not', () => {
  expect(atLeast('same', 'near')).toBe(true);
  expect(atLeast('other', 'near')).toBe(false);
});
