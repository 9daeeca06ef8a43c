import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compare } from './score.ts';

const slice = (text: string, { start, end }: { start: number; end: number }) => [...text].slice(start, end).join('');

it('says where, in code points of the compared texts', async () => {
  const found = await compare('𠮷野家 在哪儿', '𠮷野加在那儿', {
    unit: 'character',
    strictness: 'content',
    language: 'zh',
  });
  expect(found).toMatchObject({ rateName: 'character error rate', substitutions: 2, errorRate: 1 / 3 });
  expect(
    found.spans
      .filter(({ kind }) => kind === 'substitution')
      .map((span) => [slice(found.reference, span.referenceText), slice(found.hypothesis, span.hypothesisText)]),
  ).toEqual([
    ['家', '加'],
    ['哪', '那'],
  ]);
});

it('forgives what is optional, and tells what was taken', async () => {
  const of = async (text: string) => {
    const found = await compare('{ 嗯 / @ } 我去 { 吧 / 啊 / @ }', text, {
      ...{ unit: 'character', strictness: 'verbatim', alternations: true },
    });
    return [found.substitutions + found.deletions + found.insertions, found.alternations.map(({ taken }) => taken)];
  };
  expect(await of('嗯我去啊')).toEqual([0, ['嗯', '啊']]);
  expect(await of('我去')).toEqual([0, ['', '']]);
  expect(await of('我去呢')).toEqual([1, ['', '吧']]);
  const asText = await compare('{ a / b }', '{ a / b }', { unit: 'word', strictness: 'verbatim' });
  expect([asText.hits, asText.alternations]).toEqual([5, []]);
});

it('names the rate in full, for “MER” is two things', async () => {
  const found = await compare('我用 Python 写 code', '我用 python 学 code 呢', {
    unit: 'mixed',
    strictness: 'content',
  });
  expect(found).toMatchObject({ rateName: 'mixed error rate', errorRate: 2 / 5, matchErrorRate: 2 / 6, hits: 4 });
  expect(found.wordInformationPreserved).toBeCloseTo((4 / 5) * (4 / 6));
});

it('has every place inside its text, in order, whatever the texts are', async () => {
  const texts = fc.string({
    unit: fc.constantFrom('a', '𠮷', ' ', '吧', '{ a / b c }', '{ 吧 / @ }', '。'),
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(texts, texts, fc.constantFrom('word', 'character', 'mixed'), async (a, b, unit) => {
      const found = await compare(a, b, { unit, strictness: 'verbatim', alternations: true });
      const hits = found.spans.filter(({ kind }) => kind === 'hit');
      for (const { referenceText, hypothesisText } of hits) {
        expect(slice(found.hypothesis, hypothesisText).replaceAll(/\s/gu, '')).toBe(
          slice(found.reference, referenceText).replaceAll(/\s/gu, ''),
        );
      }
      let at = 0;
      for (const { hypothesis } of found.spans) {
        expect(hypothesis.start).toBe(at);
        at = hypothesis.end;
      }
    }),
  );
});
