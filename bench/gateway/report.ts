import { figuresOf, GOALS, type Goal, isMet, ratioOf } from './figures.ts';
import type { Measured, Measurements } from './measure.ts';

/** The figures as Markdown: whole answers, streams, memory, and the ratios with their goals. */
export function formatReport(measurements: Measurements): string {
  const all = Object.values(measurements);
  const present = all.filter(({ missing }) => missing === null);
  const rows = present.map((measured) => ({ measured, figures: figuresOf(measured, measurements.direct) }));
  const missing = all.filter((measured) => measured.missing !== null);
  const sections = [
    '### Whole answers, small',
    table(
      ['', 'requests/s at 64', 'CPU ms/request', ...[1, 8, 64].map((n) => `added ms at ${n}: p50 / p95 / p99`)],
      rows.map(({ measured, figures }) => [
        measured.title,
        format(figures.requestsPerSecond),
        format(figures.cpuMsPerRequest),
        ...([1, 8, 64] as const).map((n) => figures.addedMs[n].map(format).join(' / ')),
      ]),
    ),
    '### Streams, 64 at once, 200 tokens 5 ms apart',
    table(
      ['', 'first byte p50 ms', 'token transit p50 ms', 'p99 ms', 'CPU µs/token'],
      rows.map(({ measured, figures }) => [
        measured.title,
        format(figures.firstByteP50Ms),
        format(figures.transitP50Ms),
        format(figures.transitP99Ms),
        format(figures.cpuMicrosecondsPerToken),
      ]),
    ),
    '### Memory, and a recording of 10 MB',
    table(
      ['', 'start s', 'idle MiB', 'peak MiB under load', '10 MB recording p50 ms', 'its peak MiB'],
      rows.map(({ measured, figures }) => [
        measured.title,
        format(measured.startSeconds),
        format(measured.idleMiB),
        format(measured.peakMiB),
        format(figures.recordingP50Ms),
        format(measured.recordingsPeakMiB),
      ]),
    ),
    '### Ratios, and what Sensorium is meant to reach',
    table(
      ['', ...GOALS.map(({ what, against }) => `${what} ÷ ${against}`)],
      [
        ...present.map((measured) => [
          measured.title,
          ...GOALS.map((goal) => formatRatio(goal, measured, measurements)),
        ]),
        ['goal', ...GOALS.map(({ better, limit }) => `${better === 'lower' ? '≤' : '≥'} ${limit}`)],
      ],
    ),
  ];
  for (const { title, missing: why } of missing) sections.push(`Missing: ${title}. ${lastLine(why)}`);
  for (const { title, troubles } of present) {
    if (troubles.length > 0) sections.push(`${title}, troubles:\n${troubles.map((text) => `- ${text}`).join('\n')}`);
  }
  return sections.join('\n\n');
}

function formatRatio(goal: Goal, measured: Measured, measurements: Measurements): string {
  const ratio = ratioOf(goal, measured, measurements);
  if (measured !== measurements.sensorium || ratio === null) return format(ratio);
  return `${format(ratio)} ${isMet(goal, ratio) ? '(met)' : '(missed)'}`;
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, headings.map((_, column) => (column === 0 ? '---' : '---:')), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function format(value: number | null): string {
  if (value === null) return '–';
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return value.toFixed(Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 0.1 ? 2 : 3);
}

function lastLine(text: string | null): string {
  return text?.trim().split('\n').at(-1)?.trim() ?? '';
}
