import { expect, test } from 'vitest';
import { languageOf, stretchesOf } from './language.ts';

test.each([
  ['Hello, world! 42', 'en', 0, 2, 0],
  ['你好，世界！42', 'zh', 4, 0, 0],
  ['我用Node.js写的', 'mixed', 4, 1, 0],
  ['Привет', 'other', 0, 0, 6],
  ['ありがとう', 'other', 0, 0, 5],
  ['3.14 + 2', 'none', 0, 0, 0],
])('%s is %s', (sentence, language, hanCharacters, latinWords, otherCharacters) => {
  expect(languageOf(sentence)).toEqual({ language, hanCharacters, latinWords, otherCharacters });
});

test('stretches cover the sentence and say what each voice can take', () => {
  expect(stretchesOf('“I said 你好, 2 times.”')).toEqual([
    { script: 'latin', text: '“I said ', start: 0, end: 8 },
    { script: 'han', text: '你好, 2 ', start: 8, end: 14 },
    { script: 'latin', text: 'times.”', start: 14, end: 21 },
  ]);
  expect(stretchesOf('1 + 1')).toEqual([]);
});
