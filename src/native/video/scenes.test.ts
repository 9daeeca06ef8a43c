import { expect, it } from 'vitest';
import { countCuts } from '../__fixtures__/cuts.ts';
import { testFolder } from '../__fixtures__/media.ts';

const folder = testFolder();

it('finds the cuts of films that are noisy, dark or shaking, and takes little else for one', async () => {
  const { chosen, 'fixed 0.1': fixed } = await countCuts(folder.path, 'patterns');
  expect(chosen.found + chosen.missed).toBe(35);
  expect(chosen.missed).toBeLessThanOrEqual(2);
  expect(chosen.wrong).toBeLessThanOrEqual(6);
  expect(chosen.wrong).toBeLessThan(fixed.wrong);
});
