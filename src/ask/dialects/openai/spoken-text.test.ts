import fc from 'fast-check';
import { expect, it } from 'vitest';
import { spokenText } from './spoken-text.ts';

function through(pieces: readonly string[]): string[] {
  const spoken = spokenText();
  return [...pieces.map((piece) => spoken.push(piece)), spoken.end()];
}

it.each([
  ['Hello.', 'Hello.'],
  ['<think>Hm.</think>\n\nHello.', 'Hello.'],
  ['\n<think></think>Hello <think>', 'Hello <think>'],
  ['  spaced', '  spaced'],
  ['<thin', '<thin'],
  ['<think>never closed', ''],
  ['', ''],
  ['a\ud83c', 'a\ufffd'],
])('%j is spoken as %j', (text, expected) => {
  expect(through([text]).join('')).toBe(expected);
});

function thoughtIn(pieces: readonly string[]): string {
  const spoken = spokenText();
  const thoughts = pieces.map((piece) => {
    spoken.push(piece);
    return spoken.thought();
  });
  spoken.end();
  return thoughts.join('') + spoken.thought();
}

it.each([
  ['<think>Hm.</think>\n\nHello.', 'Hm.'],
  ['Hello <think>Hm.</think>', ''],
  ['<think>never </closed', 'never </closed'],
  ['\n<think>a\ud83c', 'a\ufffd'],
])('%j is thought as %j', (text, expected) => {
  expect(thoughtIn([text])).toBe(expected);
});

it('does not depend on how the text is cut, and cuts no character', () => {
  const piece = fc.constantFrom('<think>', '</think>', '<', 'think>', '🌸', '北', ' ', '\n', 'a', '</');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat(60), { maxLength: 12 }), (parts, cuts) => {
      const text = parts.join('');
      const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
      const pieces = places.slice(1).map((end, index) => text.slice(places[index], end));
      const out = through(pieces);
      expect(out.join('')).toBe(through([text]).join(''));
      expect(thoughtIn(pieces)).toBe(thoughtIn([text]));
      for (const spoken of out) expect(spoken).not.toMatch(/\p{Surrogate}/u);
    }),
  );
});
