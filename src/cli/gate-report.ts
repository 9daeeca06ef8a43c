import type { GateReport } from '#contract/gate.ts';
import type { GateCalibration } from '#contract/prompt-vectors.ts';
import type { Terminal } from './terminal.ts';

const MARKS = { passed: '✓', warned: '!', refused: '✗', 'not-run': '–' } as const;
const GRADES = {
  refused: 'refused: the text route is taken',
  experimental: 'experimental: taken only where inject.experimental is on',
  usable: 'usable',
  'text-equivalent': 'as good as text',
} as const;

/** A report as a table: each check with what was measured and what it is held against, and the grade at the end. */
export function gateText(report: GateReport, { style }: Pick<Terminal, 'style'>): string {
  const paint = { passed: style.green, warned: style.yellow, refused: style.red, 'not-run': style.dim };
  const rows = report.checks.map(({ check, outcome, code, measured, threshold, message, remedy }) => {
    const figures = [measured, threshold && `(${threshold})`].filter((one) => one !== null && one !== '').join(' ');
    const lines = [`${paint[outcome](MARKS[outcome])} ${check.padEnd(11)} ${code ? `${code}: ` : ''}${message}`];
    if (figures) lines.push(`  ${' '.repeat(11)} ${style.dim(figures)}`);
    if (remedy) lines.push(`  ${' '.repeat(11)} → ${remedy}`);
    return lines.join('\n');
  });
  return [`${report.component} before ${report.model}`, ...rows, '', summaryOf(report), ''].join('\n');
}

/** A report in one line of a list. */
export function gateLine(report: GateReport): string {
  const { createdAt, component, model, grade, checks } = report;
  const code = checks.find(({ outcome }) => outcome === 'refused')?.code;
  return `${createdAt.slice(0, 16).replace('T', ' ')}  ${component} before ${model}: ${grade}${code ? ` (${code})` : ''}${shareOf(report)}\n`;
}

/** A calibration in a few lines: what was refused, what was let in, and from where on nothing hostile passes. */
export function calibrationText({
  negatives,
  negativesRefused,
  positives,
  positivesAccepted,
  threshold,
  roc,
}: GateCalibration): string {
  const points = roc.map(
    (one) =>
      `  ≥ ${one.threshold.toFixed(2)}  hostile ${percent(one.falseAccepts)}  useful ${percent(one.trueAccepts)}`,
  );
  return [
    `Refused ${negativesRefused} of ${negatives} hostile, let in ${positivesAccepted} of ${positives} useful.`,
    `Least information share to be let in: ${threshold.toFixed(2)}`,
    'Let in, by the lower bound of the information share:',
    ...points,
    '',
  ].join('\n');
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`.padStart(7);

function summaryOf(report: GateReport): string {
  return `Grade: ${GRADES[report.grade]}${shareOf(report)}`;
}

function shareOf({ information: { value, low, high } }: GateReport): string {
  const two = (figure: number | null) => (figure === null ? '?' : figure.toFixed(2));
  return value === null ? '' : `, ${two(value)} [${two(low)}, ${two(high)}] of what text tells`;
}
