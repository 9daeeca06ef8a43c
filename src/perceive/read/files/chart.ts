import { tableText } from './grid.ts';
import { attribute, children, descendants, type Element, find, textOf } from './tree.ts';

const MOST_POINTS = 5_000;

/** A chart as a table: a row for each category, a column for each series, from the values its file keeps beside the drawing. */
export function chartText(chartSpace: Element): string {
  const chart = find(chartSpace, 'chart');
  const title = [...descendants(find(chart, 'title'), 't')].map(textOf).join('').trim();
  const series = [...descendants(find(chart, 'plotArea'), 'ser')].map((ser) => ({
    name: [...descendants(find(ser, 'tx'), 'v')].map(textOf).join(''),
    categories: pointsOf(find(ser, 'cat') ?? find(ser, 'xVal')),
    values: pointsOf(find(ser, 'val') ?? find(ser, 'yVal')),
  }));
  const longest = Math.max(0, ...series.map(({ values }) => values.length));
  const categories = series.find((each) => each.categories.length > 0)?.categories ?? [];
  const rows = Array.from({ length: longest }, (_, index) => [
    categories[index] ?? '',
    ...series.map(({ values }) => values[index] ?? ''),
  ]);
  const table = rows.length === 0 ? '' : tableText([['', ...series.map(({ name }) => name)], ...rows]);
  return [title === '' ? '' : `**${title}**`, table].filter((text) => text !== '').join('\n\n');
}

function pointsOf(data: Element | undefined): string[] {
  const points: string[] = [];
  for (const cache of [
    ...descendants(data, 'strCache'),
    ...descendants(data, 'numCache'),
    ...children(data, 'numLit'),
  ]) {
    for (const point of descendants(cache, 'pt')) {
      const index = Number(attribute(point, 'idx'));
      if (Number.isInteger(index) && index >= 0 && index < MOST_POINTS) points[index] = textOf(find(point, 'v'));
    }
  }
  return Array.from(points, (point) => point ?? '');
}
