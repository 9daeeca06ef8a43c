import fc from 'fast-check';
import { expect, it } from 'vitest';
import { heardWords } from './ambiguity.ts';
import { margins } from './homophones.ts';
import { latticeOf } from './lattice.ts';
import { dictionaryFrom } from './read-counts.ts';

const dictionary = await dictionaryFrom(`
国际 300
形势 200
形式 500
刑事 100
行 400
形 20
势 10
式 15
事 300
刑 4
在 900
再 80
再见 60
我 700
`);

it('finds the character that should stand there, by the words it makes', () => {
  const text = '我😀国际行势';
  const found = margins(text, dictionary);
  expect(found.map(({ at }) => at)).toEqual([0, 2, 3, 4, 5]);
  const wrong = found.find(({ character }) => character === '行');
  expect(wrong?.best).toBe('形');
  const { tokens } = dictionary;
  expect(wrong?.bits).toBeCloseTo(Math.log2(200 / tokens) - Math.log2((400 * 10) / tokens ** 2), 4);
  expect(found.find(({ character }) => character === '国')?.bits).toBeNull();
});

it('takes other tones only where it is told to', async () => {
  const [, strict] = margins('我再', dictionary);
  expect(strict).toMatchObject({ character: '再', best: '在' });
  const other = await dictionaryFrom('妈 100\n马 50');
  expect(margins('马', other)[0]).toMatchObject({ bits: null, best: null });
  expect(margins('马', other, { sameTone: false })[0]).toMatchObject({ bits: 1, best: '妈' });
});

it('reads traditional characters as the simplified ones they stand for', () => {
  const plain = margins('国际行势', dictionary);
  const traditional = margins('國際行勢', dictionary);
  expect(traditional.map(({ bits, best }) => ({ bits, best }))).toEqual(
    plain.map(({ bits, best }) => ({ bits, best })),
  );
  expect(traditional.map(({ character }) => character).join('')).toBe('國際行勢');
});

it('gains as much as cutting the whole text anew would', () => {
  const texts = fc.array(fc.constantFrom(...'国际形势式事刑行在再见我x'), { maxLength: 12 }).map((all) => all.join(''));
  fc.assert(
    fc.property(texts, (text) => {
      const before = latticeOf(text, dictionary).bits;
      for (const { at, bits, best } of margins(text, dictionary)) {
        if (bits === null || best === null) continue;
        const changed = text.slice(0, at) + best + text.slice(at + 1);
        expect(latticeOf(changed, dictionary).bits - before).toBeCloseTo(bits, 4);
      }
    }),
  );
});

it('finds in a long text what it finds in its sentences, in the right places', () => {
  const sentence = '我在国际行势😀再见，';
  const alone = margins(sentence, dictionary);
  const many = margins(sentence.repeat(700), dictionary);
  const words = heardWords(sentence.repeat(700), dictionary);
  const length = [...sentence].length;
  expect(many).toHaveLength(alone.length * 700);
  for (const [index, { at, bits }] of many.entries()) {
    const one = alone[index % alone.length];
    expect(at).toBe((one?.at ?? 0) + length * Math.floor(index / alone.length));
    if (bits !== null) expect(bits).toBeCloseTo(one?.bits ?? Number.NaN, 6);
  }
  const last = words.findLast(({ text }) => text === '国际');
  expect(last).toMatchObject({ start: 699 * length + 2, end: 699 * length + 4 });
  // Without a mark anywhere the text is cut all the same.
  expect(margins('国际'.repeat(5000), dictionary)).toHaveLength(10_000);
});
