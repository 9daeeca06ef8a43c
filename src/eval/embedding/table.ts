import type { Figures } from './figures.ts';

type Value = Figures[string];

/** The figures as indented lines; a list of like rows as a table. */
export function formatEmbeddingEvaluation(figures: Figures): string {
  return `${lines(figures, 0).join('\n')}\n`;
}

function lines(figures: Figures, depth: number): string[] {
  const pad = '  '.repeat(depth);
  return Object.entries(figures).flatMap(([name, value]): string[] => {
    if (value === undefined) return [];
    if (Array.isArray(value)) return [`${pad}${name}`, ...rows(value as readonly Figures[], `${pad}  `)];
    if (value !== null && typeof value === 'object') return [`${pad}${name}`, ...lines(value as Figures, depth + 1)];
    return [`${pad}${name}  ${written(value)}`];
  });
}

function rows(list: readonly Figures[], pad: string): string[] {
  const columns = [...new Set(list.flatMap((row) => Object.keys(row)))];
  const cells = [columns, ...list.map((row) => columns.map((column) => written(row[column])))];
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => (row[at] ?? '').length)));
  return cells.map(
    (row) =>
      pad +
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
  );
}

function written(value: Value): string {
  if (value === null || value === undefined) return 'not measured';
  if (typeof value !== 'number' || Number.isInteger(value)) return String(value);
  return Math.abs(value) < 0.001 ? value.toExponential(1) : String(Math.round(value * 1000) / 1000);
}
