import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Transit } from './transit.ts';

const TOKENS = 20;
const STREAM = `${Array.from({ length: TOKENS }, (_, index) => `data: {"delta":{"content":"T${1_000_000 * (index + 1)};"}}\n\n`).join('')}data: [DONE]\n\n`;

it('finds every token once, wherever the network cuts the stream', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), (sizes) => {
      const transit = new Transit();
      let at = 0;
      for (let turn = 0; at < STREAM.length; turn++) {
        const size = sizes[turn % sizes.length] ?? 1;
        transit.add(STREAM.slice(at, at + size), 50_000_000n);
        at += size;
      }
      expect(transit.ms).toEqual(Array.from({ length: TOKENS }, (_, index) => 50 - (index + 1)));
    }),
  );
});

it('says when the stream is over', () => {
  const transit = new Transit();
  expect(transit.add('data: {"content":"T5000000;"}\n\n', 6_000_000n)).toBe(false);
  expect(transit.add('data: [DO', 6_000_000n)).toBe(false);
  expect(transit.add('NE]\n\n', 6_000_000n)).toBe(true);
  expect(transit.ms).toEqual([1]);
});
