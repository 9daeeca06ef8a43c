import type { Row, Spread } from './summary.ts';

const HEADINGS = ['case', 'figure', 'unit', 'ours', 'peer', 'ours / peer', 'goal'];

/** The rows as an aligned table: medians, with the smallest and largest run in brackets. */
export function formatTable(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.case,
    row.name,
    row.unit,
    formatSpread(row.ours),
    row.peer ? `${formatSpread(row.peer)}  ${row.peer.name}` : '–',
    row.ratio === null ? '–' : row.ratio.toFixed(2),
    row.goal ?? '–',
  ]);
  const widths = HEADINGS.map((heading, column) =>
    Math.max(heading.length, ...cells.map((line) => (line[column] ?? '').length)),
  );
  const format = (line: readonly string[]) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  return [HEADINGS, widths.map((width) => '-'.repeat(width)), ...cells]
    .map((line) => format(line).trimEnd())
    .join('\n');
}

function formatSpread({ median, min, max }: Spread): string {
  return `${formatNumber(median)} (${formatNumber(min)}–${formatNumber(max)})`;
}

function formatNumber(value: number): string {
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(3);
}
