import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reading, readingsOf, soundsOf } from './pinyin.ts';

const spoken = (text: string) => soundsOf(text).map(({ inContext }) => inContext?.written ?? null);

test('the words around a character choose its reading', () => {
  expect(spoken('银行行长')).toEqual(['yín', 'háng', 'háng', 'zhǎng']);
  expect(spoken('重庆的重量')).toEqual(['chóng', 'qìng', 'de', 'zhòng', 'liàng']);
});

test('all readings are told, the usual one first, and the neutral tone is 0', () => {
  expect(readingsOf('了').map(({ syllable, tone }) => syllable + tone)).toEqual(['le0', 'liao3']);
  expect(readingsOf('女')[0]).toEqual({ syllable: 'nü', tone: 3, written: 'nǚ' });
});

test('tones are the dictionary ones, without sandhi', () => {
  expect(spoken('一个不是')).toEqual(['yī', 'gè', 'bù', 'shì']);
});

test('what is not Han is silent, and rare characters are spoken', () => {
  expect(spoken('A1，𬬱😀')).toEqual([null, null, null, 'jīn', null]);
});

test('a reading is the same object however it was written', () => {
  expect(reading('zhang3')).toBe(reading('zhǎng'));
  expect(reading('lv4').written).toBe('lǜ');
  expect(reading('lve4').written).toBe('lüè');
  expect(reading('gui4').written).toBe('guì');
  expect(reading('dou1').written).toBe('dōu');
  expect(reading('ma5')).toBe(reading('ma'));
});

test('any text has one sound for each code point', () => {
  const any = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('行', '长', '一', '𬬱', 'é', 'a', ' ', '👩‍👧', '\ud800') }),
  );
  fc.assert(
    fc.property(any, (text) => {
      expect(soundsOf(text).map(({ character }) => character)).toEqual(Array.from(text));
    }),
  );
});

test('pieces end where no word goes on', () => {
  for (const lead of ['很'.repeat(118), '很'.repeat(119), '很'.repeat(80)])
    expect(soundsOf(`${lead}，银行行长`).at(-1)?.inContext?.written).toBe('zhǎng');
});

test('a long text is read in pieces and loses nothing', () => {
  const sounds = soundsOf('行长'.repeat(3001));
  expect(sounds).toHaveLength(6002);
  expect(sounds.at(-1)?.inContext).not.toBeNull();
});
