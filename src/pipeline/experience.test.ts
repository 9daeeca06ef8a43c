import { expect, it } from 'vitest';
import { experience } from './experience.ts';

it('knows nothing before three times, then the median of the latest twenty', () => {
  const known = experience();
  const median = () => known.medianMs('text', 'ears', 'audio');
  for (const ms of [100, 900]) known.took('text', 'ears', 'audio', ms);
  expect(median()).toBeNull();
  known.took('text', 'ears', 'audio', 300);
  expect(median()).toBe(300);
  for (let count = 0; count < 20; count++) known.took('text', 'ears', 'audio', 50);
  expect(median()).toBe(50);
  expect(known.medianMs('native', 'ears', 'audio')).toBeNull();
  expect(known.medianMs('text', 'ears', 'video')).toBeNull();
});
