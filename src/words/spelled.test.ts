import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wordsAlike } from './spelled.ts';

test.each([
  ['Their', 'there', 'near'],
  ['meat', 'meet', 'near'],
  ['kernal', 'kernel', 'near'],
  ['accept', 'except', 'near'],
  ['HTTP', 'http', 'same'],
  ['café', 'cafe', 'same'],
  ['cat', 'quiet', 'other'],
  ['can', "can't", 'other'],
  ['now', 'not', 'other'],
  ['fifty', 'fifteen', 'other'],
  ['Paris', 'London', 'other'],
])('%s and %s are %s', (one, other, alike) => {
  expect(wordsAlike(one, other)).toBe(alike);
  expect(wordsAlike(other, one)).toBe(alike);
});

test('any two words can be compared, and each is like itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ maxLength: 300 }), (one, other) => {
      expect(wordsAlike(one, one)).toBe('same');
      expect(wordsAlike(one, other)).toBe(wordsAlike(other, one));
    }),
  );
});
