import { describe, expect, it } from 'vitest';
import { fixture, paragraph, word } from '../../__fixtures__/office.ts';
import { readWith } from '../../__fixtures__/read-with.ts';
import { numberText } from './numbers.ts';

describe('a Word file', () => {
  it('keeps headings, lists, tables, raised figures, notes and the edges of its pages', async () => {
    const { pages, facts, losses } = await readWith('docx', fixture('report.docx'), { language: 'zh' });
    expect(facts).toMatchObject({ title: '年度报告', unit: 'page' });
    expect(pages[0]?.text).toBe(
      '# 第一季度总结\n\n收入增长了 **12.5%**，水的化学式是 H₂O，面积 10⁶ 平方米。\n\n- 苹果\n- 红苹果\n- 香蕉\n1. 第一步\n2. 第二步\n\n' +
        '| 地区 | 一月 | 二月 |\n| --- | --- | --- |\n| 华东 | 100 | 120 |\n| 华东 | 90 | 110 |',
    );
    expect(pages[1]?.text).toBe(
      '## Second part\n\nDeleted: 新文字\n\n![价格标签]\n\n请核对[批注 1]\n\n[批注 1] 李四：数字不对\n\n页眉：内部资料\n\n页脚：机密',
    );
    expect(losses).toMatchObject([{ kind: 'layout', extent: 2, action: 'insertions are taken, deletions left out' }]);
  });

  it('counts as Word does: each level, again after a higher one, in the figures of its format', async () => {
    const levels = [
      ['chineseCounting', '第%1章'],
      ['decimal', '%1.%2'],
      ['chineseLegalSimplified', '（%3）'],
    ].map(
      ([format, text], level) =>
        `<w:lvl w:ilvl="${level}"><w:start w:val="1"/><w:numFmt w:val="${format}"/>${level === 1 ? '<w:isLgl/>' : ''}<w:lvlText w:val="${text}"/></w:lvl>`,
    );
    const numbering = `<w:numbering><w:abstractNum w:abstractNumId="5">${levels.join('')}</w:abstractNum>
      <w:num w:numId="1"><w:abstractNumId w:val="5"/></w:num>
      <w:num w:numId="2"><w:abstractNumId w:val="5"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num></w:numbering>`;
    const item = (text: string, level: number, numId = 1, more = '') =>
      paragraph(text, `<w:numPr><w:ilvl w:val="${level}"/><w:numId w:val="${numId}"/></w:numPr>${more}`);
    const { text } = await readWith(
      'docx',
      word(
        [
          item('总则', 0, 1, '<w:outlineLvl w:val="0"/>'),
          item('甲', 1),
          item('乙', 1),
          item('丙', 2),
          item('附则', 0),
          item('丁', 1),
          item('新', 0, 2),
        ].join(''),
        { numbering },
      ),
    );
    expect(text).toBe('# 第一章 总则\n\n  1.1 甲\n  1.2 乙\n    （壹）丙\n第二章 附则\n  2.1 丁\n第七章 新');
  });

  it.each<[number, string, string]>([
    [10, 'chineseCounting', '十'],
    [12, 'chineseCounting', '十二'],
    [105, 'chineseCounting', '一百〇五'],
    [28, 'upperRoman', 'XXVIII'],
    [27, 'lowerLetter', 'aa'],
    [3, 'ideographTraditional', '丙'],
    [3, 'decimalEnclosedCircle', '③'],
    [4, 'never heard of', '4'],
  ])('writes %i in %s as %s', (value, format, text) => expect(numberText(value, format)).toBe(text));

  it('tells footnotes, links, equations, ruby and symbols where they stand', async () => {
    const body = `<w:p><w:r><w:t>正文</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r>
      <w:hyperlink r:id="rId2"><w:r><w:t>网站</w:t></w:r></w:hyperlink>
      <m:oMath><m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>c</m:t></m:r></m:den></m:f></m:oMath>
      <w:ruby><w:rt><w:r><w:t>かん</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>漢</w:t></w:r></w:rubyBase></w:ruby>
      <w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r></w:p>`;
    const footnotes = `<w:footnotes><w:footnote w:id="2">${paragraph('脚注')}</w:footnote></w:footnotes>`;
    const { text } = await readWith('docx', word(body, { footnotes, hyperlink: 'https://example.org/a' }));
    expect(text).toBe('正文[^1][网站](https://example.org/a)(a+b)/c漢(かん)☑\n\n[^1]: 脚注');
  });

  it('says of what it leaves out or moves: hidden text, text boxes, embedded objects, unknown symbols', async () => {
    const body = `${paragraph('可见')}${paragraph('秘密', '', '<w:vanish/>')}
      <w:p><w:r><w:drawing><wp:anchor><wps:txbx><w:txbxContent>${paragraph('框中')}</w:txbxContent></wps:txbx></wp:anchor></w:drawing></w:r></w:p>
      <w:p><w:r><w:object><o:OLEObject ProgID="Excel.Sheet.12"/></w:object></w:r><w:r><w:sym w:font="Symbol" w:char="F0AB"/></w:r></w:p>`;
    const { text, losses } = await readWith('docx', word(body));
    expect(text).toBe('可见\n\n框中\n\n\ufffd');
    expect(losses.map(({ kind, unit, extent }) => [kind, unit, extent])).toEqual([
      ['layout', 'runs', 1],
      ['layout', 'text boxes', 1],
      ['not-described', 'objects', 1],
      ['unwritable-character', 'characters', 1],
    ]);
  });

  it('keeps a table in a table, one that is only a frame, and cells over columns and rows', async () => {
    const cell = (text: string, properties = '') => `<w:tc><w:tcPr>${properties}</w:tcPr>${text}</w:tc>`;
    const row = (...cells: string[]) => `<w:tr>${cells.join('')}</w:tr>`;
    const inner = `<w:tbl>${row(cell(paragraph('x')), cell(paragraph('y')))}</w:tbl>`;
    const frame = `<w:tbl>${row(cell(paragraph('框')))}</w:tbl>`;
    const table = `<w:tbl>${row(cell(paragraph('甲'), '<w:vMerge w:val="restart"/>'), cell(paragraph('乙'), '<w:gridSpan w:val="2"/>'))}
      ${row(cell(paragraph(''), '<w:vMerge/>'), cell(inner), cell(paragraph('a|b')))}</w:tbl>`;
    const { text } = await readWith('docx', word(frame + table));
    expect(text).toMatch(/^框\n\n\| 甲 \| 乙 \| 乙 \|\n\| --- \| --- \| --- \|\n\| 甲 \| .*x.*y.* \| a\\\|b \|$/);
  });

  it('is one whole without page breaks, and empty where nothing is in it', async () => {
    const one = await readWith('docx', word(paragraph('# 不是标题')));
    expect(one).toMatchObject({ facts: { unit: 'whole', pages: 1 }, text: '\\# 不是标题' });
    const none = await readWith('docx', word('<w:p/>'));
    expect(none.pages).toMatchObject([{ text: '', source: 'nothing' }]);
  });

  it('begins a page at each break that is set, also by a section', async () => {
    const { pages, facts } = await readWith(
      'docx',
      word(
        `${paragraph('一', '<w:sectPr/>')}${paragraph('二', '<w:sectPr><w:type w:val="continuous"/></w:sectPr>')}
        <w:p><w:r><w:t>三</w:t><w:br w:type="page"/><w:t>四</w:t></w:r></w:p>${paragraph('五', '<w:pageBreakBefore/>')}`,
      ),
    );
    expect(facts).toMatchObject({ unit: 'page' });
    expect(pages.map((page) => page.text)).toEqual(['一', '二\n\n三', '四', '五']);
  });
});
