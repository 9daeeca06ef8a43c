import { describe, expect, it } from 'vitest';
import { fixture, workbook } from '../../__fixtures__/office.ts';
import { readWith } from '../../__fixtures__/read-with.ts';
import { columnName, placeOf, rangeOf, spans } from './places.ts';

const cell = (at: string, value: string, more = '') => `<c r="${at}" ${more}><v>${value}</v></c>`;
const rows = (...each: string[]) =>
  `<sheetData>${each.map((row, index) => `<row r="${index + 1}">${row}</row>`).join('')}</sheetData>`;

describe('a workbook', () => {
  it('gives a page for each sheet, cells as they are shown, what is hidden and what is noted', async () => {
    const { pages, losses, facts } = await readWith('xlsx', fixture('budget.xlsx'), { language: 'zh' });
    expect(facts).toMatchObject({ title: '预算', unit: 'sheet', pages: 2 });
    expect(pages.map((page) => page.title)).toEqual(['销售', '密 (隐藏)']);
    expect(pages[0]?.text).toBe(
      '| 2026年销售 |  |  |  |\n| --- | --- | --- | --- |\n| 日期 | 金额 | 占比 | 备注 |\n| 2026年3月5日 | ¥1,234.50 | 25.6% | 含税 |\n' +
        '| 2026年3月6日 | -¥20.00 | 10.0% | 退货\\|换货 |\n|  |  |  |  |\n| 合计 | =SUM(B3:B4) |  |  |\n\n隐藏的行：4\n\n**批注**\n\n- B3 (王五): 已核对',
    );
    expect(losses).toMatchObject([{ kind: 'layout', extent: 1, unit: 'formulas' }]);
  });

  it.each<[string, string, string, string]>([
    ['14', '', '46000', '2025-12-09'],
    ['31', '', '46000', '2025年12月9日'],
    ['10', '', '0.1234', '12.34%'],
    ['164', '[$€-407]#,##0.00', '1234.5', '€1,234.50'],
    ['164', '上午/下午h"时"mm"分"', '0.75', '下午6时00分'],
    ['164', '[h]:mm', '1.5', '36:00'],
    ['164', 'broken"', '3', '3'],
    ['0', '', '0.30000000000000004', '0.3'],
    ['0', '', '1234567890123', '1234567890123'],
  ])('shows a number of format %s %s as it is shown there', async (id, code, value, shown) => {
    const written = code.replaceAll('"', '&quot;');
    const styles = `<styleSheet><numFmts><numFmt numFmtId="${id}" formatCode="${written}"/></numFmts><cellXfs><xf numFmtId="${id}"/></cellXfs></styleSheet>`;
    const plain = code === '' ? styles.replace(/<numFmts>.*<\/numFmts>/, '') : styles;
    const { text } = await readWith('xlsx', workbook(rows(cell('A1', value, 's="0"')), { styles: plain }), {
      language: 'zh',
    });
    expect(text).toBe(`| ${shown} |\n| --- |`);
  });

  it('counts days from 1904 where the file does', async () => {
    const styles = '<styleSheet><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>';
    const properties = '<workbookPr date1904="1"/>';
    const { text } = await readWith('xlsx', workbook(rows(cell('A1', '0', 's="0"')), { styles, properties }));
    expect(text).toContain('1904-01-01');
  });

  it('reads shared, inline and true strings, errors and results; how a word is said is left out', async () => {
    const strings =
      '<sst><si><t>甲</t><rPh><t>jiǎ</t></rPh></si><si><r><t>乙</t></r><r><t>丙_x000A_丁</t></r></si></sst>';
    const sheet = rows(
      cell('A1', '0', 't="s"') +
        cell('B1', '1', 't="s"') +
        '<c r="C1" t="inlineStr"><is><t>内</t></is></c>' +
        cell('D1', '1', 't="b"') +
        cell('E1', '#DIV/0!', 't="e"') +
        '<c r="F1"><f>1+1</f><v>2</v></c>',
    );
    const { text, losses } = await readWith('xlsx', workbook(sheet, { strings }));
    expect(text).toBe(`| 甲 | 乙丙<br>丁 | 内 | TRUE | #DIV/0! | 2 |\n|${' --- |'.repeat(6)}`);
    expect(losses).toEqual([]);
  });

  it('repeats what stands over several cells, keeps tables apart and writes large ones as CSV', async () => {
    const merged = `${rows(cell('A1', '1') + cell('B1', '5'), cell('B2', '6'))}<mergeCells><mergeCell ref="A1:A2"/></mergeCells>`;
    expect((await readWith('xlsx', workbook(merged))).text).toBe('| 1 | 5 |\n| --- | --- |\n| 1 | 6 |');
    const apart = rows(cell('A1', '1'), '', '', cell('C4', '2'));
    expect((await readWith('xlsx', workbook(apart))).text).toBe('| 1 |\n| --- |\n\n| 2 |\n| --- |');
    const many = rows(
      ...Array.from({ length: 2_001 }, (_, row) => cell(`A${row + 1}`, '1') + cell(`B${row + 1}`, '2')),
    );
    expect((await readWith('xlsx', workbook(many))).text).toMatch(/^```csv\n1,2\n(1,2\n){2000}```$/);
  });

  it('says what of a sheet is beyond the limit', async () => {
    const long = 'x'.repeat(30_000);
    const strings = `<sst><si><t>${long}</t></si></sst>`;
    const many = rows(...Array.from({ length: 300 }, (_, row) => cell(`A${row + 1}`, '0', 't="s"')));
    const { losses, text } = await readWith('xlsx', workbook(many, { strings }));
    expect(losses).toMatchObject([{ kind: 'text-truncated', unit: 'rows', extent: 33 }]);
    expect(text.length).toBeLessThan(9e6);
  });

  it('takes references and ranges that a sheet has, and no others', () => {
    expect(placeOf('AB12')).toEqual({ column: 27, row: 11 });
    for (const wrong of ['ZZZ1', 'A0', 'A99999999', '12', '']) expect(placeOf(wrong)).toBeNull();
    expect(rangeOf('B2:A1')).toBeNull();
    expect(columnName(701)).toBe('ZZ');
    expect(spans([0, 1, 2, 5], (n) => String(n + 1))).toBe('1–3, 6');
  });

  it('ends soon with a cell in the last corner and a merge of everything', async () => {
    const sheet = `<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData>
      <mergeCells>${'<mergeCell ref="A1:XFD1048576"/>'.repeat(50)}</mergeCells><cols><col min="1" max="99999999" hidden="1"/></cols>`;
    const { pages } = await readWith('xlsx', workbook(sheet));
    expect(pages).toHaveLength(1);
  });
});
