import { expect, it } from 'vitest';
import { opensPhrase } from './phrase.ts';
import { createSegmenter } from './segmenter.ts';

const pieces = (text: string, step: number) => {
  const segmenter = createSegmenter({ firstPhraseMinChars: 28 });
  const given = [];
  for (let at = 0; at < text.length; at += step) given.push(...segmenter.push(text.slice(at, at + step)));
  return [...given, ...segmenter.end()].map((piece) => piece.text);
};

it.each([
  [
    'The listeners are asked to do what they can do for their country.',
    ['The listeners are asked to do', ' what they can do for their country.'],
  ],
  ['The capital of France is Paris.', ['The capital of France is Paris.']],
  [
    'It was a long and winding road that led to the old house. It was to be sold.',
    ['It was a long and winding road', ' that led to the old house.', ' It was to be sold.'],
  ],
  [
    'Photosynthesis makes sugar and oxygen, because plants need it.',
    ['Photosynthesis makes sugar and oxygen,', ' because plants need it.'],
  ],
])('cuts the first piece before a phrase, however the text comes: %s', (text, expected) => {
  for (const step of [1, 3, 7, text.length]) expect(pieces(text, step)).toEqual(expected);
});

it('waits while the next word may still grow', () => {
  expect(opensPhrase('so be', 2, false)).toBe('wait');
  expect(opensPhrase('so be ', 2, false)).toBe(false);
  expect(opensPhrase('so because ', 2, false)).toBe(true);
  expect(opensPhrase('so that', 2, true)).toBe(true);
});
