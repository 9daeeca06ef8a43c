import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dictionaryFrom } from '#words/index.ts';
import type { HeardWord } from './confidence-rows.ts';
import { FEATURES, featuresOf, type Heard, rowsOf, SIGNALS, type Signal, signalsOf } from './signals.ts';

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
今天 5000 t
的 9000
研讨会 50 n
`;
const dictionary = await dictionaryFrom(LIST);
const heard = (text: string, others: Partial<Heard> = {}): Heard => ({
  ...{ text, second: null, proofRead: null, words: [] },
  ...others,
});

/** What a signal says of the units, by the name of the column. */
function named(given: Heard, signal: Signal): Record<string, number>[] {
  const rows = signalsOf(given, dictionary).rows.get(signal) ?? [];
  return rows.map((row) => Object.fromEntries(FEATURES[signal].map((name, at) => [name, row[at] ?? Number.NaN])));
}

describe('signals', () => {
  it('are only those that are there: one that is missing has no rows', () => {
    expect([...signalsOf(heard('国际形势'), null).rows.keys()]).toEqual([]);
    expect([...signalsOf(heard('国际形势'), dictionary).rows.keys()]).toEqual(['dictionary']);
    expect([...signalsOf(heard('no Chinese'), dictionary).rows.keys()]).toEqual([]);
    const both = signalsOf(heard('国际形势', { second: '国际形式' }), null);
    expect([...both.rows.keys()]).toEqual(['second-reader']);
    expect(rowsOf(both, ['second-reader', 'dictionary'])).toBeNull();
    expect(rowsOf(both, ['second-reader'])).toHaveLength(4);
  });

  it('stand side by side in the order that a profile names them', () => {
    const all = signalsOf(heard('国际形势', { second: '国际形式', proofRead: '国际形势' }), dictionary);
    const signals: Signal[] = ['proof-read', 'dictionary', 'second-reader'];
    const names = featuresOf(signals);
    const rows = rowsOf(all, signals) ?? [];
    expect(rows.map(({ length }) => length)).toEqual([names.length, names.length, names.length, names.length]);
    expect(rows[3]?.[names.indexOf('second-reader.other-sound')]).toBe(1);
    expect(rows[3]?.[names.indexOf('proof-read.other-sound')]).toBe(0);
    expect(all.instead).toEqual(['国', '际', '形', '式']);
  });

  it('have as many columns as names, whatever the text, and a row for each unit', () => {
    const text = fc.string({
      unit: fc.constantFrom('国', '际', '形', '势', '刑', '龘', 'a', ' ', '，', '𬬱'),
      maxLength: 30,
    });
    fc.assert(
      fc.property(text, fc.option(text), fc.option(text), (given, second, proofRead) => {
        const { units, rows } = signalsOf(heard(given, { second, proofRead }), dictionary);
        expect(rows.has('second-reader')).toBe(second !== null);
        for (const signal of SIGNALS) {
          const found = rows.get(signal);
          if (!found) continue;
          expect(found).toHaveLength(units.length);
          for (const row of found) expect(row).toHaveLength(FEATURES[signal].length);
        }
      }),
    );
  });
});

describe('another reading', () => {
  const sounds = (text: string, second: string) =>
    named(heard(text, { second }), 'second-reader').map((one) => one['other-sound']);

  it('is the farther the less it sounds alike, and farthest where it has nothing', () => {
    const [same, sameTone, tone, near, other, nothing] = [
      ...[sounds('式', '式')[0], sounds('式', '事')[0], sounds('形', '醒')[0], sounds('深', '森')[0]],
      ...[sounds('国', '他')[0], sounds('国', '')[0]],
    ] as number[];
    expect(same).toBe(0);
    expect([sameTone, tone, near, other, nothing]).toEqual([1, 1.5, 2, expect.any(Number), 6]);
    expect(other).toBeGreaterThan(3);
  });

  it('tells how much differs there, beside, and in all', () => {
    const rows = named(heard('今天国际形势', { second: '今天国际刑事' }), 'second-reader');
    expect(rows.map((one) => one['edit-length'])).toEqual([0, 0, 0, 0, 2, 2]);
    expect(rows.map((one) => one['beside-right'])).toEqual([0, 0, 0, 1, 1, 0]);
    expect(rows.map((one) => one['beside-left'])).toEqual([0, 0, 0, 0, 0, 1]);
    expect(rows[0]?.['edits-near']).toBe(0);
    expect(rows[1]?.['edits-near']).toBe(1);
    expect(rows[5]?.['edits-rate']).toBeCloseTo(1 / 3);
  });

  it('does not differ by case, width or punctuation', () => {
    expect(sounds('他用ＧＰＴ写，对吗？', '他用 gpt 写对吗')).toEqual([0, 0, 0, 0, 0, 0]);
  });
});

describe('a dictionary', () => {
  it('tells the word a character stands in, and what else sounds so', () => {
    const [one] = named(heard('国际形势的研讨会'), 'dictionary');
    expect(one).toMatchObject({ 'word-length': 2, 'as-heard': 1, 'from-start': 0, 'to-end': 7, units: 8 });
    const rows = named(heard('国际刑事'), 'dictionary');
    expect(rows[2]?.['as-heard']).toBeLessThan(rows[0]?.['as-heard'] ?? 0);
    expect(rows[1]?.['as-heard-beside']).toBe(rows[2]?.['as-heard']);
    expect(rows[0]?.['as-heard-around']).toBe(rows[2]?.['as-heard']);
    expect(rows[1]?.['word-bits-after']).toBe(rows[2]?.['word-bits']);
    expect(rows[2]?.['margin-left']).toBe(rows[1]?.['margin-any-tone']);
  });

  it('counts how many characters stand alone in a row', () => {
    expect(named(heard('国际刑的龘形势'), 'dictionary').map((one) => one['single-run'])).toEqual([0, 0, 3, 3, 3, 0, 0]);
  });

  it('says nothing of what is no Chinese', () => {
    const [word, han] = named(heard('GPT 国际'), 'dictionary');
    expect(Object.values(word ?? {}).every(Number.isNaN)).toBe(true);
    expect(Object.values(han ?? {}).some(Number.isNaN)).toBe(false);
  });
});

describe('the recogniser’s own confidence', () => {
  const word = (start: number, end: number, confidence: number | null, logprobs: number[] = []): HeardWord => ({
    ...{ start, end, confidence, logprobs },
  });

  it('goes to every unit of a word, with the least of its tokens and of what is beside it', () => {
    const words = [word(0, 2, 0.9, [Math.log(0.95), Math.log(0.5)]), word(2, 4, 0.5), word(4, 6, 0.99)];
    const rows = named(heard('国际形势今天', { words }), 'confidence');
    expect(rows[0]?.confidence).toBeCloseTo(Math.log(9));
    expect(rows[0]?.['least-token']).toBeCloseTo(0);
    expect(rows[1]?.beside).toBeCloseTo(0);
    expect(rows.map((one) => one.characters)).toEqual([2, 2, 2, 2, 2, 2]);
  });

  it('is no signal where one unit has none: what nobody measured is not taken for sure', () => {
    expect(named(heard('国际形势', { words: [word(0, 2, 0.9), word(2, 4, null)] }), 'confidence')).toEqual([]);
    expect(named(heard('国际形势', { words: [word(0, 2, 0.9)] }), 'confidence')).toEqual([]);
  });
});
