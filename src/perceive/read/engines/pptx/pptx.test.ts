import { expect, it } from 'vitest';
import { fixture, slides } from '../../__fixtures__/office.ts';
import { readWith } from '../../__fixtures__/read-with.ts';

const shape = (id: number, text: string, inside = '') =>
  `<p:sp><p:nvSpPr><p:cNvPr id="${id}" name="x"/><p:nvPr>${inside}</p:nvPr></p:nvSpPr><p:txBody>${text}</p:txBody></p:sp>`;
const line = (text: string, properties = '') => `<a:p><a:pPr ${properties}/><a:r><a:t>${text}</a:t></a:r></a:p>`;

it('gives a page for each slide: title, outline, table, chart, alternative text, notes; hidden ones say so', async () => {
  const { pages, facts } = await readWith('pptx', fixture('slides.pptx'), { language: 'zh' });
  expect(facts).toMatchObject({ title: '产品介绍', unit: 'slide', pages: 3 });
  expect(pages.map(({ title, text }) => [title, text])).toEqual([
    ['我们的产品', '- 特点一\n  - 细节\n- 特点二\n\n**演讲者备注**\n\n开场先问好'],
    ['数据', '| 城市 | 人口 |\n| --- | --- |\n| 上海 | 2487万 |\n\n![条形码]'],
    ['备用 (隐藏的幻灯片)', '|  | 销量 |\n| --- | --- |\n| 一月 | 3 |\n| 二月 | 5 |'],
  ]);
});

it('tells what is joined by connectors, and counts films', async () => {
  const connector =
    '<p:cxnSp><p:nvCxnSpPr><p:cNvPr id="9"/><p:cNvCxnSpPr><a:stCxn id="1"/><a:endCxn id="2"/></p:cNvCxnSpPr></p:nvCxnSpPr></p:cxnSp>';
  const film = '<p:pic><p:nvPicPr><p:cNvPr id="3"/><p:nvPr><a:videoFile r:link="rId9"/></p:nvPr></p:nvPicPr></p:pic>';
  const { text, losses } = await readWith(
    'pptx',
    slides([`<p:grpSp>${shape(1, line('采集'))}${shape(2, line('分析'))}</p:grpSp>${connector}${film}`]),
    { language: 'zh' },
  );
  expect(text).toBe('采集\n\n分析\n\n连线：采集 → 分析');
  expect(losses).toMatchObject([{ kind: 'not-described', extent: 1, unit: 'objects' }]);
});

it('leaves out numbers of slides and hidden shapes', async () => {
  const hidden = shape(5, line('看不见')).replace('name="x"', 'hidden="1"');
  const { text } = await readWith('pptx', slides([shape(4, line('7'), '<p:ph type="sldNum"/>') + hidden]));
  expect(text).toBe('');
});

it('says which slides are missing, and gives no page where there is no slide', async () => {
  const { pages, losses } = await readWith('pptx', slides([shape(1, line('一')), '']));
  expect(pages.map(({ text, reason }) => [text, reason])).toEqual([
    ['一', 'a slide'],
    ['', 'the file lacks this slide; nothing is on it'],
  ]);
  expect(losses).toMatchObject([{ kind: 'page-unread', extent: 1 }]);
  expect(await readWith('pptx', slides([]))).toMatchObject({ pages: [], facts: { pages: 0 } });
});
