import fc from 'fast-check';
import { expect, it } from 'vitest';
import { soundGroups } from './english-sounds.ts';
import { englishSounds, heardEnglish, writeGroups } from './english-words.ts';

const LEXICON = {
  their: 'ðɛɹ',
  there: { DEFAULT: 'ðˈɛɹ', None: 'ðɛɹ' },
  "they're": 'ðɛɹ',
  color: 'kˈʌləɹ',
  colour: 'kˈʌləɹ',
  culler: 'kˈʌləɹ',
  organise: 'ˈɔɹɡənˌIz',
  organize: 'ˈɔɹɡənˌIz',
  b: 'bˈi',
  bee: 'bˈi',
  hello: 'həlˈO',
};
const LIST =
  "\uFEFFthe 90\ntheir 300\nthere 100\nthey're 5\ncolor 60\ncolour 30\nculler 10\norganise 1\norganize 2\nb 9\nbee 9\n";

it('groups the words of one sound, spellings of one word as one', () => {
  const groups = soundGroups(LEXICON, LIST);
  expect(writeGroups(groups)).toBe('their 300 there 100\ncolor 90 culler 10\n');
});

it('takes a word for nothing but a word, whatever it is called', () => {
  const lexicon = { constructor: 'kənstɹˈʌktɚ', konstruktor: 'kənstɹˈʌktɚ' };
  const groups = soundGroups(lexicon, 'constructor 9\nkonstruktor 1\n');
  expect(writeGroups(groups)).toBe('constructor 9 konstruktor 1\n');
});

it('says how ambiguous a word is to the ear, and where it stands', () => {
  const sounds = englishSounds(soundGroups(LEXICON, LIST));
  const words = heardEnglish("😀 There, they're by THEIR bees", sounds);
  expect(words).toEqual([
    { start: 2, end: 7, text: 'There', sound: 'their/there', bits: 2, others: [{ text: 'their', share: 0.75 }] },
    expect.objectContaining({ start: 20, end: 25, text: 'THEIR', others: [{ text: 'there', share: 0.25 }] }),
  ]);
  expect(words[1]?.bits).toBeCloseTo(Math.log2(400 / 300), 9);
});

it('points at its words in any text', () => {
  const sounds = englishSounds(soundGroups(LEXICON, LIST));
  const texts = fc.array(fc.constantFrom('there', 'Their', ' ', '😀', 'constructor', "'", '的'), { maxLength: 30 });
  fc.assert(
    fc.property(texts, (pieces) => {
      const text = pieces.join('');
      for (const { start, end, text: word } of heardEnglish(text, sounds))
        expect([...text].slice(start, end).join('')).toBe(word);
    }),
  );
});
