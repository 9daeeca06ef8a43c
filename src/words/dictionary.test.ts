import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readTables } from './dictionary-file.ts';
import { latticeOf } from './lattice.ts';
import { dictionaryFrom } from './read-counts.ts';

const LIST = `
国际 300 n
形势 200 n
形式 500 n
刑事 100 n
国 90
际 5
形 20
势 10
式 15
事 300
刑 4
在 900 p
再 80 d
OK 7 x
國際 50 n
`;
const dictionary = await dictionaryFrom(LIST);

it('knows words, how often they were counted and how they sound', () => {
  expect(dictionary.words).toBe(13);
  expect(dictionary.tokens).toBe(300 + 200 + 500 + 100 + 90 + 5 + 20 + 10 + 15 + 300 + 4 + 900 + 80);
  const word = dictionary.find('形势');
  expect(dictionary.text(word)).toBe('形势');
  expect(dictionary.count(word)).toBe(200);
  expect(dictionary.sound(word)).toBe('xing2 shi4');
  expect(dictionary.logProbability(word)).toBeCloseTo(Math.log2(200 / dictionary.tokens), 5);
  for (const missing of ['', '势形', '形势好', '国际形', 'OK', '好'])
    expect(dictionary.find(missing), missing).toBe(-1);
});

it('tells all words of one sound, the most frequent first', () => {
  const spelt = (word: string) => [...dictionary.sameSound(dictionary.find(word))].map(dictionary.text);
  expect(spelt('刑事')).toEqual(['形式', '形势', '刑事']);
  expect(spelt('在')).toEqual(['在', '再']);
  expect(spelt('国际')).toEqual(['国际']);
});

it('cuts a text into its most probable words and leaves out what is no Chinese', () => {
  const text = '国际形势😀ok在';
  const lattice = latticeOf(text, dictionary);
  expect(lattice.pieces.map(({ start, end }) => text.slice(start, end))).toEqual(['国际', '形势', '在']);
  expect(lattice.bits).toBeCloseTo(Math.log2((300 * 200 * 900) / dictionary.tokens ** 3), 4);
});

it('scores as trying every cut would', () => {
  const characters = fc
    .array(fc.constantFrom(...'国际形势式事刑在再好,𠮷'), { maxLength: 9 })
    .map((all) => all.join(''));
  fc.assert(
    fc.property(characters, (text) => {
      const { bits, before, after, pieces } = latticeOf(text, dictionary);
      expect(bits).toBeCloseTo(best(text), 6);
      expect(after[0]).toBeCloseTo(before[text.length] ?? Number.NaN, 6);
      for (const [at, piece] of pieces.entries()) expect(piece.start).toBeGreaterThanOrEqual(pieces[at - 1]?.end ?? 0);
    }),
  );
});

function best(text: string): number {
  if (text === '') return 0;
  let score = Number.NEGATIVE_INFINITY;
  for (let end = 1; end <= text.length; end += 1) {
    const word = dictionary.find(text.slice(0, end));
    const alone = /[一-鿿]/.test(text.charAt(0)) ? dictionary.unknown : 0;
    const own = word >= 0 ? dictionary.logProbability(word) : end === 1 ? alone : Number.NEGATIVE_INFINITY;
    score = Math.max(score, own + best(text.slice(end)));
  }
  return score;
}

it.each([
  ['nothing', new Uint8Array(0)],
  ['another file', new TextEncoder().encode('a file of some other kind, long enough for a header')],
  [
    'a file that says it is larger than it is',
    new Uint8Array(Uint32Array.from([0x31574e53, 4e6, 9, 9, 9, 9, 0]).buffer),
  ],
])('refuses %s', (_, bytes) => {
  expect(() => readTables(bytes, 'words.bin')).toThrow(expect.objectContaining({ code: 'models.file-unusable' }));
});
