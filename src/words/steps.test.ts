import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reading } from './pinyin.ts';
import { stepsBetween, stepsBetweenReadings } from './steps.ts';

const between = (one: string, other: string) => stepsBetweenReadings(reading(one), reading(other));

test.each([
  ['shi4', 'shi2', 0],
  ['zhi1', 'zi1', 0.5],
  ['zheng4', 'zen3', 0.5],
  ['si1', 'zi1', 1],
  ['ban1', 'pan1', 1],
  ['jue2', 'ju2', 1],
  ['lai2', 'lei2', 1],
  ['qie1', 'qing1', 1],
  ['wo3', 'e4', 1],
  ['yi1', 'wu3', 1],
  ['lue4', 'lie4', 1],
  ['bing1', 'ping2', 1],
  ['ren4', 'cheng2', 2.5],
  ['yi1', 'shi2', 4],
  ['ma1', 'xiong2', 4],
])('%s and %s are %d steps apart', (one, other, steps) => {
  expect(between(one, other)).toBe(steps);
  expect(between(other, one)).toBe(steps);
});

test('characters are as close as their closest readings', () => {
  expect(stepsBetween('行', '航')).toBe(0);
  expect(stepsBetween('资', '斯')).toBe(1);
  expect(stepsBetween('A', 'A')).toBe(0);
  expect(stepsBetween('A', '啊')).toBe(4);
});

test('never fewer than none, never more than all', () => {
  const any = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 1 }),
    fc.constantFrom('行', '了', '女', '嗯', '儿', '一', '略'),
  );
  fc.assert(
    fc.property(any, any, (one, other) => {
      const steps = stepsBetween(one, other);
      expect(steps).toBeGreaterThanOrEqual(0);
      expect(steps).toBeLessThanOrEqual(4);
      expect(steps).toBe(stepsBetween(other, one));
    }),
  );
});
