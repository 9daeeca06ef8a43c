import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dictionaryFrom } from '#words/index.ts';
import { applyEdits } from '../gate/index.ts';
import { openGlossary } from './glossary.ts';
import { hotwords } from './hotwords.ts';
import { parseTerms } from './terms.ts';

const mend = (terms: Parameters<typeof openGlossary>[0], text: string, options = {}) =>
  applyEdits(text, openGlossary(terms, options).find(text));

test('a term is found by how it sounds, and told where', () => {
  expect(openGlossary(['新心无旁骛']).terms).toBe(1);
  expect(openGlossary(['心无旁骛']).find('他们新屋旁物地工作')).toEqual([
    { start: 2, end: 6, before: '新屋旁物', after: '心无旁骛', by: 'glossary' },
  ]);
});

test('near sounds and one syllable a step away are found in longer terms', () => {
  expect(mend(['长春真人丘处机'], '常村正人秋楚鸡来了')).toBe('长春真人丘处机来了');
  expect(mend(['资源优势论'], '思源优势论很好')).toBe('资源优势论很好');
});

test('what is written as the term stays, and so does what sounds otherwise', () => {
  expect(mend(['心无旁骛'], '他们心无旁骛地工作')).toBe('他们心无旁骛地工作');
  expect(mend(['心无旁骛'], '他们一心一意地工作')).toBe('他们一心一意地工作');
  expect(mend(['骛'], '物')).toBe('物');
});

test('the more terms there are, the more of a term must be heard', () => {
  const others = Array.from({ length: 5000 }, (_, at) => `甲${String.fromCodePoint(0x4e00 + at)}乙丙丁`);
  expect(mend(['丘处机'], '秋处机来了')).toBe('丘处机来了');
  expect(mend(['丘处机', ...others], '秋处机来了')).toBe('秋处机来了');
});

test('a dictionary keeps what is itself a word, and lets short terms be found in what is none', async () => {
  const dictionary = await dictionaryFrom(
    '今天 9000 t\n回应 8000 v\n撤 3 v\n资 2 n\n姿 4 n\n形式 90000 n\n教育 9000 n\n的 300000 uj\n时间 9000 n\n',
  );
  expect(mend(['刑事'], '教育的形式', { dictionary })).toBe('教育的形式');
  expect(mend(['撤资', '刑事'], '今天回应撤姿', { dictionary })).toBe('今天回应撤资');
  expect(mend(['撤资', '刑事'], '今天回应撤姿')).toBe('今天回应撤姿');
});

test('the user’s pinyin counts where characters are spoken unusually', () => {
  expect(mend(parseTerms('朴海楠\tpiao2 hai3 nan2\n'), '请飘海南说')).toBe('请朴海楠说');
  expect(mend(['朴海楠'], '请飘海南说')).toBe('请飘海南说');
});

test('numbers are neither changed nor made', () => {
  expect(mend(['武灵王府邸'], '五零王府邸')).toBe('五零王府邸');
});

test('English terms are found across the words they were heard as', () => {
  expect(mend(['kubectl'], 'run cube cuttle now')).toBe('run kubectl now');
  expect(mend(['OpenAI'], 'ask open ai 吗')).toBe('ask OpenAI 吗');
  expect(mend(['Sensorium', 'Kubernetes'], 'the sensoriam runs on cooper netties')).toBe(
    'the Sensorium runs on cooper netties',
  );
  expect(mend(['Kubernetes'], 'good night everyone')).toBe('good night everyone');
});

test('terms of both scripts', () => {
  expect(mend(['卡拉OK大赛'], '参加咖啦ok大塞')).toBe('参加卡拉OK大赛');
});

test('a list that cannot be used is told with the line at fault', () => {
  expect(() => openGlossary([{ text: '丘处机', pinyin: 'qiu1' }])).toThrow(/丘处机.*1 syllables for 3/);
  expect(() => openGlossary(['很'.repeat(200)])).toThrow(/longer than 64/);
  expect(() => openGlossary(Array.from({ length: 100_001 }, (_, at) => String(at)))).toThrow(/100000/);
});

test('a list made to keep us busy takes no longer than others', () => {
  const alike = ['是', '事', '市', '式', '四', '死', '思', '诗'];
  const rows = Array.from({ length: 4096 }, (_, at) =>
    [at & 7, (at >> 3) & 7, (at >> 6) & 7, at >> 9].map((of) => alike[of]).join(''),
  );
  const glossary = openGlossary([...rows, '飞'.repeat(60)]);
  expect(glossary.find('时'.repeat(400) + '飞'.repeat(400)).length).toBeLessThan(400);
});

test('lines of a file become terms', () => {
  expect(parseTerms('心无旁骛\r\n\n 六安 \t lù ān \nkubectl\t\n')).toEqual([
    { text: '心无旁骛' },
    { text: '六安', pinyin: 'lù ān' },
    { text: 'kubectl' },
  ]);
});

test('hotwords are as many terms as fit, the first ones first', () => {
  expect(hotwords(['心无旁骛', '丘处机', '六安'], 9)).toBe('心无旁骛、丘处机');
  expect(hotwords([{ text: 'kubectl' }, 'OpenAI'], 100)).toBe('kubectl, OpenAI');
  expect(hotwords(['心无旁骛'], 3)).toBe('');
});

test('whatever the text and the terms, edits are in order, apart, and say what stood there', () => {
  const word = fc.oneof(
    fc.string({
      unit: fc.constantFrom('行', '长', '心', '新', '无', '五', '旁', 'o', 'k', ' ', '，', '😀', '\ud800'),
      maxLength: 8,
    }),
    fc.string({ unit: 'binary', maxLength: 8 }),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 8 }), fc.array(word, { maxLength: 6 }), (terms, texts) => {
      const text = texts.join('');
      let last = 0;
      for (const edit of openGlossary(terms).find(text)) {
        expect(edit.start).toBeGreaterThanOrEqual(last);
        expect(Array.from(text).slice(edit.start, edit.end).join('')).toBe(edit.before);
        last = edit.end;
      }
    }),
  );
});
