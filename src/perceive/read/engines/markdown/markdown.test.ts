import { expect, it } from 'vitest';
import { readWith } from '../../__fixtures__/read-with.ts';
import { chapters } from './markdown.ts';

it('is one whole as it is written, in whatever encoding it is', async () => {
  const { text, facts } = await readWith('markdown', '# 标题\n\n- 一  \n\n```\n# 不是\n```\n');
  expect(text).toBe('# 标题\n\n- 一  \n\n```\n# 不是\n```');
  expect(facts).toMatchObject({ title: '标题', unit: 'whole', format: 'markdown' });
  expect((await readWith('markdown', Buffer.from('c4e3bac3', 'hex'))).text).toBe('你好');
  expect((await readWith('markdown', Buffer.from('c4e3bac3', 'hex'), { charset: 'gb18030' })).text).toBe('你好');
  expect((await readWith('markdown', Buffer.from('\ufeff你好', 'utf16le'))).text).toBe('你好');
});

it('is cut at its top headings where it is long', async () => {
  const { pages, facts } = await readWith('markdown', `前言\n# 甲\n${'字'.repeat(20_000)}\n# 乙 #\n## 丙\n尾`);
  expect(facts).toMatchObject({ unit: 'chapter', pages: 3 });
  expect(pages.map((page) => page.title)).toEqual([null, '甲', '乙']);
  expect(pages[2]?.text).toBe('# 乙 #\n## 丙\n尾');
});

it('is cut at the highest level that is there twice, never in a block of code', () => {
  expect(chapters('# 书\n## 一\n```\n## 假\n```\n## 二').map(({ title }) => title)).toEqual([null, '一', '二']);
  expect(chapters('没有标题')).toEqual([{ title: null, text: '没有标题' }]);
});

it('says what is beyond the limit', async () => {
  const { losses } = await readWith('markdown', 'x'.repeat(8_000_123));
  expect(losses).toMatchObject([{ kind: 'text-truncated', unit: 'characters', extent: 123 }]);
});
