import { expect, it } from 'vitest';
import { type Cell, gridOf, tableText } from './grid.ts';

const cell = (text: string, columns = 1, rows = 1): Cell => ({ text, columns, rows });

it('repeats a short text in every cell it reaches over, and points to a long one', () => {
  const long = '很长的一段文字'.repeat(8);
  expect(
    gridOf([
      [cell('a', 1, 2), cell('b', 2), cell('z')],
      [cell(long, 2), cell('c')],
    ]),
  ).toEqual([
    ['a', 'b', 'b', 'z'],
    ['a', long, '←', 'c'],
  ]);
  expect(gridOf([[cell(long, 1, 2), cell('b')], [cell('c')]])[1]).toEqual(['↑', 'c']);
});

it('a title over the whole table stands once', () => {
  expect(gridOf([[cell('题', 3)], [cell('a'), cell('b'), cell('c')]])[0]).toEqual(['题', '', '']);
});

it('reaches over no more cells than there are for it', () => {
  const budget = { covered: 3 };
  expect(gridOf([[cell('a', 3), cell('b', 9), cell('c', 2), cell('d', 2)]], budget)).toEqual([
    ['a', 'a', 'a', 'b', 'c', 'c', 'd'],
  ]);
  expect(budget.covered).toBe(0);
});

it('writes Markdown, without what is empty around it, and CSV where there is much', () => {
  expect(tableText([[], ['', 'a|b', ''], ['', '', 'c\nd'], ['', '']])).toBe(
    '| a\\|b |  |\n| --- | --- |\n|  | c<br>d |',
  );
  expect(tableText([['', ' '], []])).toBe('');
  const wide = Array.from({ length: 41 }, (_, index) => (index === 1 ? 'a"b,```' : 'x'));
  expect(tableText([wide])).toMatch(/^```csv\nx,"a""b,'''",x(,x)*\n```$/);
});
