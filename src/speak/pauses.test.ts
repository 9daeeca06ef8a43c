import { expect, it } from 'vitest';
import { pauseAfterMs } from './pauses.ts';

it.each([
  ['All done.', 1, 300],
  ['"Really?"', 1, 300],
  ['好了。」', 1, 300],
  ['And then...', 1, 450],
  ['等等……', 1, 450],
  ['First of all,', 1, 100],
  ['as follows:', 2, 100],
  ['A heading', 1, 350],
])('rests after %s at pace %d for %d ms', (text, speed, ms) => {
  expect(pauseAfterMs(text, speed)).toBe(ms);
});
