import { describe, expect, it } from 'vitest';
import { unitsOf } from '#ledger/index.ts';
import { placed, wrongByContent } from './label.ts';

/** The units that are wrong, by their texts. */
async function wrongIn(text: string, reference: string, language: string | null): Promise<string[]> {
  const units = unitsOf(text).map((unit) => unit.text);
  const wrong = await wrongByContent(units, reference, language);
  return units.filter((_, at) => wrong[at]);
}

describe('what of a text is wrong', () => {
  it('is what stands instead and what is too much, not what is missing', async () => {
    expect(await wrongIn('他停制了的情况', '他停滞的情况吧', 'zh')).toEqual(['制', '了']);
    expect(await wrongIn('They are sitting there', 'Dogs are sitting', 'en')).toEqual(['they', 'there']);
  });

  it('is not script, case, punctuation, or how a number is written', async () => {
    expect(await wrongIn('數額漸漸變紅', '树叶渐渐变红', 'zh')).toEqual(['數', '額']);
    expect(await wrongIn('About 42 lines!', 'about forty-two lines', 'en')).toEqual([]);
    expect(await wrongIn('About 42 lines!', 'about forty-three lines', 'en')).toEqual(['42']);
  });

  it('places words by code points, also behind characters of two units', () => {
    expect(placed('😀他说 a', [{ text: '他' }, { text: '说' }, { text: 'x' }, { text: 'a' }])).toEqual([
      { text: '他', start: 1, end: 2 },
      { text: '说', start: 2, end: 3 },
      { text: 'a', start: 4, end: 5 },
    ]);
  });
});
