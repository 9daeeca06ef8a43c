import { expect, test } from 'vitest';
import { gold } from './__fixtures__/gold.ts';
import { createSegmenter } from './segmenter.ts';

test('there are enough hand-cut texts to mean something', () => {
  expect(gold.length).toBeGreaterThanOrEqual(75);
});

test.each(gold.map(({ group, pieces }) => [group, pieces.join(''), pieces] as const))('%s: %j', (_, text, pieces) => {
  const segmenter = createSegmenter();
  expect([...segmenter.push(text), ...segmenter.end()].map((piece) => piece.text)).toEqual(pieces);
});
