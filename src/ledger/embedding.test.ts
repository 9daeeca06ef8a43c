import { expect, it } from 'vitest';
import { compatibilityOf } from './embedding.ts';

const reported = (component: string, value: number) => ({
  ...{ component, model: 'm', items: 64, createdAt: '2026-11-26T00:00:00.000Z' },
  information: { value, low: value - 0.1, high: value + 0.1, source: 'gate', reason: null },
});

it('tells what the gate measured of the component that tells the model least', () => {
  expect(
    compatibilityOf([
      { part: 'part-1', report: reported('own-table', 0.98) },
      { part: 'part-2', report: reported('connector', 0.6123) },
    ]),
  ).toEqual({ value: 0.612, source: 'gate of connector before m, 64 items, 2026-11-26', reason: null });
});

it('says why there is no figure', () => {
  expect(compatibilityOf([])).toMatchObject({ value: null, reason: 'The embedding route was not taken.' });
  const brought = compatibilityOf([{ part: 'vectors-1', report: null }]);
  expect(brought).toMatchObject({ value: null, reason: expect.stringContaining('vectors-1') });
});
