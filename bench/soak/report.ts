import { median, quantile, type Slope, slopeOf } from './statistics.ts';
import type { Outcome } from './task.ts';
import type { Sample } from './watch.ts';

/** What came of all requests of one kind. */
export interface Tally {
  readonly kind: string;
  readonly outcomes: Record<Outcome, number>;
  readonly durationsMs: number[];
}

export interface Soak {
  readonly machine: object;
  readonly minutes: number;
  readonly seed: number;
  readonly tallies: readonly Tally[];
  /** What was wrong, in words; each with its kind. */
  readonly wrong: readonly string[];
  readonly samples: readonly Sample[];
  readonly kills: readonly { readonly seconds: number; readonly name: string }[];
  /** Before the load and after it, when nothing runs. */
  readonly before: Sample;
  readonly after: Sample;
  /** Temporary files that are there when nothing runs any more. */
  readonly leftovers: readonly string[];
  readonly exit: number | string;
  /** Processes that outlived the server. */
  readonly orphans: number;
}

/** The figures of a soak that its goals are about. */
export function figuresOf({ samples, tallies, before, after }: Soak) {
  const third = Math.max(1, Math.floor(samples.length / 3));
  const requests = tallies.reduce((sum, { durationsMs }) => sum + durationsMs.length, 0);
  const memory = (of: (sample: Sample) => number) => ({
    firstThirdMiB: median(samples.slice(0, third).map(of)),
    lastThirdMiB: median(samples.slice(-third).map(of)),
    perHour: slopeOf(samples.map((sample) => [sample.seconds / 3600, of(sample)] as const)),
  });
  return {
    requests,
    wrong: tallies.reduce((sum, { outcomes }) => sum + outcomes.wrong, 0),
    server: memory(({ serverMiB }) => serverMiB),
    children: memory(({ childrenMiB }) => childrenMiB),
    openFiles: [before.openFiles, after.openFiles] as const,
    temporaryFiles: after.temporaryFiles,
    lagP99Ms: median(samples.map(({ lagP99Ms }) => lagP99Ms)),
    lagMaxMs: Math.max(...samples.map(({ lagMaxMs }) => lagMaxMs)),
    healthMs: [
      median(samples.map(({ healthMs }) => healthMs)),
      quantile(
        samples.map(({ healthMs }) => healthMs),
        0.99,
      ),
    ] as const,
  };
}

/** The soak in Markdown. */
export function formatReport(soak: Soak): string {
  const figures = figuresOf(soak);
  const { server, children, openFiles, healthMs } = figures;
  const count = (value: number) => (value === 0 ? '' : String(value));
  const rows = soak.tallies.map(({ kind, outcomes, durationsMs }) => {
    const { right, wrong, busy, killed, left } = outcomes;
    const cells = [right, busy, killed, left].map(count);
    return `| ${kind} | ${durationsMs.length} | ${cells.join(' | ')} | ${wrong} | ${seconds(median(durationsMs))} | ${seconds(quantile(durationsMs, 0.99))} |`;
  });
  return [
    `${figures.requests} requests in ${soak.minutes.toFixed(1)} minutes, ${soak.kills.length} model processes killed.`,
    '',
    '| requests | all | right | told to come back | process killed | left | wrong | median, s | p99, s |',
    '| --- | --: | --: | --: | --: | --: | --: | --: | --: |',
    ...rows,
    '',
    '| figure | | goal |',
    '| --- | --- | --- |',
    `| wrong answers | ${figures.wrong} | 0 |`,
    `| server memory, first → last third | ${mib(server.firstThirdMiB)} → ${mib(server.lastThirdMiB)} MiB | flat |`,
    `| server memory, slope | ${perHour(server.perHour)} | the interval holds 0 |`,
    `| memory of its processes, first → last third | ${mib(children.firstThirdMiB)} → ${mib(children.lastThirdMiB)} MiB | flat |`,
    `| memory of its processes, slope | ${perHour(children.perHour)} | the interval holds 0 |`,
    `| open files, before → after | ${openFiles.join(' → ')} | no more |`,
    `| temporary files left | ${figures.temporaryFiles} | 0 |`,
    `| requests running afterwards | ${soak.after.running} | 0 |`,
    `| processes left by the server, its exit code | ${soak.orphans}, ${soak.exit} | 0, 0 |`,
    `| event loop lag, p99 (median of samples), worst | ${figures.lagP99Ms.toFixed(1)} ms, ${figures.lagMaxMs.toFixed(0)} ms | |`,
    `| /healthz, median, p99 | ${healthMs.map((ms) => `${ms.toFixed(1)} ms`).join(', ')} | |`,
    '',
    ...(soak.wrong.length === 0 ? [] : ['What was wrong:', '', ...soak.wrong.map((line) => `- ${line}`), '']),
  ].join('\n');
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2);
}

function mib(value: number): string {
  return value.toFixed(0);
}

function perHour(slope: Slope | null): string {
  if (!slope) return 'too few samples';
  return `${slope.slope.toFixed(0)} MiB/h (${slope.low.toFixed(0)} … ${slope.high.toFixed(0)})`;
}
