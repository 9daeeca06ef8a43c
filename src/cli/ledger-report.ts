import type { Ledger } from '#contract/ledger.ts';
import { type ChangedFigure, figuresOf, type LedgerDifference, type LedgerStats } from '#ledger/index.ts';
import { lossLines } from './report.ts';
import type { Terminal } from './terminal.ts';

/** One ledger for a person: the sentence, its figures with their sources, doubtful places, losses, what was done about it. */
export function ledgerText(ledger: Ledger, terminal: Terminal): string {
  const { bold, dim } = terminal.style;
  const { requestId, createdAt, routes, spans, spansSummarised, losses, mitigations, calibration, verdict } = ledger;
  const figures = figuresOf(ledger);
  const width = Math.max(...figures.map(nameOf).map(({ length }) => length));
  const lines = figures.map((one) => {
    const { value, low, high, source, reason } = one;
    const interval = low === null || high === null ? '' : ` (${rounded(low)} to ${rounded(high)})`;
    const said = value === null ? dim(`–  ${reason}`) : `${rounded(value)}${interval} ${dim(source ?? '')}`;
    return `  ${nameOf(one).padEnd(width)}  ${said}\n`;
  });
  const doubts = spans.slice(0, SHOWN).map(({ part, start, end, text, pError, pErrorKind, alternatives }) => {
    const others = alternatives.map((one) => one.text).join(', ');
    return `  ${part} ${start}–${end}  ${Math.round(pError * 100)} %${pErrorKind === 'raw' ? ' raw' : ''}  ${text ?? ''}${others ? dim(` (${others}?)`) : ''}\n`;
  });
  const hidden = spans.length + spansSummarised - doubts.length;
  const done = mitigations.map(({ id, applied, editsProposed, editsAccepted, note }) => {
    const edits = editsProposed === null ? '' : ` ${editsAccepted ?? '?'} of ${editsProposed} edits accepted.`;
    return `  ${id}: ${applied ? 'applied.' : 'not applied.'}${edits}${note ? ` ${dim(note)}` : ''}\n`;
  });
  return [
    `${bold(verdict.headline)} ${dim(`(${verdict.level})`)}\n`,
    `${dim(`${requestId}  ${createdAt}  ${routes.map(({ part, chosen }) => `${part}: ${chosen}`).join(', ')}  calibration: ${calibration.profile}`)}\n`,
    ...section('Figures', lines, terminal),
    ...section('Doubtful', [...doubts, ...(hidden > 0 ? [`  ${dim(`… and ${hidden} more`)}\n`] : [])], terminal),
    ...(losses.length > 0 ? [`\n${bold('Losses')}\n`, lossLines(losses, terminal)] : []),
    ...section('Done about it', done, terminal),
    ...section(
      'Not measured',
      verdict.unknowns.map((one) => `  ${one}\n`),
      terminal,
    ),
  ].join('');
}

const SHOWN = 20;

function section(name: string, lines: readonly string[], { style }: Terminal): string[] {
  return lines.length === 0 ? [] : [`\n${style.bold(name)}\n`, ...lines];
}

function nameOf({ group, name }: { readonly group: string; readonly name: string }): string {
  return group === 'request' ? name : `${group}.${name}`;
}

function rounded(value: number): string {
  return `${Number(value.toPrecision(4))}`;
}

/** What many ledgers come to, for a person. */
export function statsText(stats: LedgerStats, badLines: number, terminal: Terminal): string {
  const { requests, from, to, errorRate, spans, minutes } = stats;
  const share = (count: number) => `${count} (${Math.round((count / requests) * 100)} %)`;
  const list = (counts: Readonly<Record<string, number>>, say: (count: number) => string = String) =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${say(count)}`)
      .join(', ') || 'none';
  const { mean, low, high } = errorRate;
  const interval = low === null || high === null ? '' : ` (${rounded(low)} to ${rounded(high)})`;
  const edits = Object.entries(stats.mitigations).map(
    ([id, { applied, proposed, accepted }]) =>
      `  ${id}: applied ${applied} time${applied === 1 ? '' : 's'}, ${accepted} of ${proposed} edits accepted\n`,
  );
  const unmeasured = Object.entries(stats.unmeasured)
    .sort((a, b) => b[1].count - a[1].count)
    .map(([name, { count, reason }]) => `  ${name} ${share(count)} ${terminal.style.dim(reason)}\n`);
  return [
    `${requests} ${requests === 1 ? 'request' : 'requests'}, ${from} to ${to}\n`,
    `levels      ${list(stats.levels, share)}\n`,
    `routes      ${list(stats.routes)}\n`,
    `error rate  ${mean === null ? 'measured in no request' : `${rounded(mean)}${interval}, mean of ${errorRate.requests}`}\n`,
    `doubtful    ${spans.total} places${spans.perMinute === null ? '' : `, ${rounded(spans.perMinute)} a minute of ${rounded(minutes)}`}\n`,
    `losses      ${list(stats.losses)}\n`,
    ...section('Done about it', edits, terminal),
    ...section('Not measured', unmeasured, terminal),
    badLines > 0
      ? `\n${badLines} ${badLines === 1 ? 'line is' : 'lines are'} no ledger: \`sensorium ledger check\` says why\n`
      : '',
  ].join('');
}

/** What is different in a second ledger, for a person. */
export function differenceText(
  { figures, spansGone, spansCome, spansChanged }: LedgerDifference,
  terminal: Terminal,
): string {
  const { green, red, dim } = terminal.style;
  const place = ({ part, start, end, text, pError }: LedgerDifference['spansGone'][number]) =>
    `${part} ${start}–${end} ${text ?? ''} ${dim(`${Math.round(pError * 100)} %`)}\n`;
  const lines = [
    figuresText(figures),
    ...spansGone.map((span) => `${green('-')} ${place(span)}`),
    ...spansCome.map((span) => `${red('+')} ${place(span)}`),
    ...spansChanged.map(
      ({ before, after }) => `~ ${place(after).trimEnd()} ${dim(`was ${Math.round(before.pError * 100)} %`)}\n`,
    ),
  ];
  return lines.join('') || 'No difference.\n';
}

/** Figures that changed, one a line; what is not measured is a dash. */
export function figuresText(figures: readonly ChangedFigure[]): string {
  const say = (value: ChangedFigure['before']) =>
    value === null ? '–' : typeof value === 'number' ? rounded(value) : value;
  return figures.map(({ name, before, after }) => `${name}  ${say(before)} → ${say(after)}\n`).join('');
}
