import type { Evaluation } from './evaluate.ts';
import type { RowResult } from './row.ts';
import type { Group } from './summary.ts';

/** The evaluation as text for people: a line for each file, one for each language, and what was invented. */
export function formatEvaluation({ rows, summary }: Evaluation): string {
  const { outcomes, invented, silentFiles } = summary;
  return [
    ...aligned([
      ['file', 'lang', 'result', 'rate', 'errors (S/D/I) of', 'verbatim', 'RTF', 'found'],
      ...rows.map(rowCells),
    ]),
    '',
    ...aligned([
      ['what', 'lang', 'files', 'error rate', 'errors (S/D/I) of', 'verbatim', 'particles', 'RTF, median'],
      ...summary.groups.map(groupCells),
    ]),
    '',
    ...summary.groups.flatMap(wordForWord),
    `${invented} words or characters invented in ${silentFiles} files that have none.`,
    `${outcomes.scored} scored, ${outcomes['empty-right']} rightly empty, ${outcomes['refused-right']} rightly refused, ` +
      `${outcomes.invented} with inventions, ${outcomes.failed} failed, ${outcomes.skipped} skipped.`,
    '',
  ].join('\n');
}

function rowCells(row: RowResult): string[] {
  const { content, verbatim, seconds, durationSeconds, reason, text } = row;
  const factor = seconds !== null && durationSeconds ? (seconds / durationSeconds).toFixed(3) : '–';
  return [
    row.file,
    row.lang ?? '–',
    row.outcome,
    content ? percent(content.rate) : '–',
    content ? counts(content) : '–',
    verbatim ? percent(verbatim.rate) : '–',
    factor,
    shortened(reason ?? text ?? ''),
  ];
}

function groupCells(group: Group): string[] {
  const { substitutions, deletions, insertions, length, unit } = group;
  const name = group.modality === 'image' ? 'reading' : 'hearing';
  return [
    `${name} (${unit === 'mixed' ? 'words and characters' : `${unit}s`})`,
    group.lang,
    String(group.files),
    percent(group.contentRate),
    `${substitutions}/${deletions}/${insertions} of ${length}`,
    percent(group.verbatimRate),
    group.particles.said > 0 ? `${group.particles.written} of ${group.particles.said}` : '–',
    group.realTimeFactor?.toFixed(3) ?? '–',
  ];
}

/** What became of what is said and seldom written: a line where there is something to tell. */
function wordForWord({ lang, wordForWord: score }: Group): string[] {
  if (!score) return [];
  const { particles, fillers, repetitions, swaps, tagErrorRate } = score;
  const told = Object.entries({ particles, fillers, repetitions })
    .filter(([, { said, written }]) => said + written > 0)
    .map(([name, { said, written, kept }]) => `${name} ${kept} kept of ${said} said, ${written} written`);
  const swapped = swaps.map(({ said, written, count }) => `${said}→${written} ${count}`);
  if (swapped.length > 0) told.push(`swapped ${swapped.join(', ')}`);
  if (tagErrorRate !== null) told.push(`tag error rate (PCER) ${percent(tagErrorRate)}`);
  return told.length === 0 ? [] : [`${lang}: ${told.join('; ')}.`];
}

function counts({ substitutions, deletions, insertions, hits }: NonNullable<RowResult['content']>): string {
  return `${substitutions}/${deletions}/${insertions} of ${substitutions + deletions + hits}`;
}

function percent(rate: number): string {
  return `${(rate * 100).toFixed(1)} %`;
}

const MOST_CHARACTERS = 60;

function shortened(text: string): string {
  const line = [...text.replaceAll(/\s+/gu, ' ').trim()];
  return line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS).join('')}…` : line.join('');
}

function aligned(lines: readonly (readonly string[])[]): string[] {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => widthOf(line[column] ?? ''))));
  return lines.map((line) =>
    line
      .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - widthOf(cell))))
      .join('  ')
      .trimEnd(),
  );
}

/** Wide characters fill two places of a terminal. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text)
    width += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/.test(
      character,
    )
      ? 2
      : 1;
  return width;
}
