import { expect, it } from 'vitest';
import { markUnreachable, refuseUnreachable } from './reach.ts';

it('leaves a place alone that is not there, and tries it again after ten minutes', () => {
  expect(markUnreachable('away.example', 'away', 0)).toMatchObject({ message: 'away' });
  expect(() => refuseUnreachable('away.example', 599_999)).toThrow('away');
  expect(() => refuseUnreachable('away.example', 600_000)).not.toThrow();
  expect(() => refuseUnreachable('there.example', 0)).not.toThrow();
});
