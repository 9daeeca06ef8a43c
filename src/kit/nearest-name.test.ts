import { expect, it } from 'vitest';
import { nearestName } from './nearest-name.ts';

it.each([
  ['hearth', 'heart'],
  ['MOON', 'moonshine-tiny'],
  ['bela', 'bella'],
  ['xyzzy', null],
  ['', null],
])('%s → %s', (typed, nearest) => {
  expect(nearestName(typed, ['heart', 'bella', 'moonshine-tiny'])).toBe(nearest);
});
