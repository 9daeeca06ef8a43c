import { expect, it } from 'vitest';
import { readWith } from '../../__fixtures__/read-with.ts';
import { delimiterOf } from './dialect.ts';

it.each<[string, string]>([
  ['城市,人口\n上海,"2,487"\n', '| 城市 | 人口 |\n| --- | --- |\n| 上海 | 2,487 |'],
  ['a;b\r\n1,5;"x\ny"\r\n', '| a | b |\n| --- | --- |\n| 1,5 | x<br>y |'],
  ['a\tb\n1\t|\n', '| a | b |\n| --- | --- |\n| 1 | \\| |'],
  ['a,b,c\n1\n1,2,3,4\n', '| a | b | c |  |\n| --- | --- | --- | --- |\n| 1 |  |  |  |\n| 1 | 2 | 3 | 4 |'],
  ['a,b\n1,5" pipe\n', '| a | b |\n| --- | --- |\n| 1 | 5" pipe |'],
])('finds the columns of %j', async (csv, table) => expect((await readWith('csv', csv)).text).toBe(table));

it('finds the encoding, and says how the columns are separated', async () => {
  const { text, pages, facts } = await readWith('csv', Buffer.from('c4e32cbac3', 'hex'));
  expect(text).toBe('| 你 | 好 |\n| --- | --- |');
  expect(pages[0]?.reason).toBe('1 rows, columns separated by commas');
  expect(facts).toMatchObject({ format: 'csv', unit: 'whole' });
  expect((await readWith('csv', Buffer.from('\ufeff你,好', 'utf16le'), { charset: 'utf-16le' })).text).toContain(
    '| 你 |',
  );
});

it('reads a table with an open quote by its lines', async () => {
  const rest = Array.from({ length: 60_000 }, (_, row) => `${row},甲乙丙丁戊己庚辛`).join('\n');
  const { text } = await readWith('csv', `a,b\n1,"open\n${rest}`);
  expect(text).toContain('59999,甲乙丙丁戊己庚辛');
});

it('cuts a huge table at the end of a row and says so', async () => {
  const row = `${'x'.repeat(99)},y\n`;
  const { losses, text } = await readWith('csv', row.repeat(80_000));
  expect(losses).toMatchObject([{ kind: 'text-truncated', extent: 80_000 * row.length - 8_000_000 }]);
  expect(text.endsWith(`${'x'.repeat(99)},y\n\`\`\``)).toBe(true);
});

it('says that only the beginning of a file was read', async () => {
  const row = `${'x'.repeat(998)},\n`;
  const { losses } = await readWith('csv', row.repeat(34_000));
  expect(losses.map(({ unit }) => unit)).toContain('bytes');
});

it('takes the separator that gives rows of one length', () => {
  expect(delimiterOf('a, b;c\nd;e, f, g\n')).toBe(';');
  expect(delimiterOf('nothing')).toBeNull();
});
