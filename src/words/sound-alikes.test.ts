import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dictionaryFrom } from './read-counts.ts';
import { writtenAsHeard } from './sound-alikes.ts';

const LIST = `
国际 3000 n
形势 2000 n
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
`;
const dictionary = await dictionaryFrom(LIST);
const shareOf = (text: string, at: number) => writtenAsHeard(text, dictionary)[at] ?? Number.NaN;

it('doubts what another word of the same sound is likelier to be, and not what has no rival', () => {
  expect(shareOf('形势', 0)).toBeGreaterThan(0.9);
  expect(shareOf('国际', 0)).toBeCloseTo(1, 9);
  // 刑事 is one character from 形式 in both places, and far less frequent than all that sounds so.
  expect(shareOf('刑事', 0)).toBeLessThan(shareOf('形势', 0));
});

it('doubts characters that are no word together, by the word they sound like', () => {
  const [first, second] = writtenAsHeard('行势', dictionary);
  expect(first).toBeLessThan(0.05);
  // The second is the same in the word it was probably meant to be.
  expect(second).toBeGreaterThan(0.5);
});

it('takes another tone for farther away than the same, a near sound for farther still, and any other for no rival', async () => {
  const shares = await Promise.all(
    ['师', '十', '思', '国'].map(
      async (rival) => writtenAsHeard('诗', await dictionaryFrom(`诗 10\n${rival} 1000`))[0],
    ),
  );
  const [sameTone = 1, tone = 1, near = 1, other = 0] = shares.map((share) => share ?? Number.NaN);
  expect(sameTone).toBeLessThan(tone);
  expect(tone).toBeLessThan(near);
  expect(near).toBeLessThan(other);
  expect(other).toBeCloseTo(1, 9);
});

it('knows nothing of what is no Chinese character, and counts code points', () => {
  const shares = writtenAsHeard('a国际, 𬬱🙂势', dictionary);
  expect(shares).toHaveLength(8);
  expect(shares.map((share) => share === null)).toEqual([true, false, false, true, true, true, true, false]);
  expect(writtenAsHeard('', dictionary)).toEqual([]);
});

it('gives a share from 0 to 1 for whatever Chinese there is, known or not, and any length', () => {
  const text = fc.string({
    unit: fc.constantFrom('国', '际', '形', '势', '式', '刑', '事', '龘', '再', 'x', '𬬱', '，'),
    maxLength: 60,
  });
  fc.assert(
    fc.property(text, (given) => {
      const shares = writtenAsHeard(given, dictionary);
      expect(shares).toHaveLength([...given].length);
      for (const share of shares) {
        if (share === null) continue;
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
      }
    }),
  );
  expect(shareOf('国际'.repeat(3_000), 5_999)).toBeCloseTo(1, 6);
});
