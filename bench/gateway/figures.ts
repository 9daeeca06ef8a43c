import type { CONCURRENCIES, Measured, Measurements } from './measure.ts';
import { median, medianOfPairs } from './programs/statistics.ts';

type Figure = number | null;
type Rounds = readonly Figure[];

/** One subject's medians over the rounds. `null` is what was not measured. */
export interface Figures {
  readonly requestsPerSecond: Figure;
  readonly cpuMsPerRequest: Figure;
  /** What the subject adds to the upstream's own p50, p95 and p99, in ms, by requests at once; null for `direct` itself. */
  readonly addedMs: Readonly<Record<(typeof CONCURRENCIES)[number], readonly [Figure, Figure, Figure]>>;
  readonly firstByteP50Ms: Figure;
  readonly transitP50Ms: Figure;
  readonly transitP99Ms: Figure;
  readonly cpuMicrosecondsPerToken: Figure;
  readonly recordingP50Ms: Figure;
}

/** The medians of one subject, next to those of the upstream asked directly. */
export function figuresOf(measured: Measured, direct: Measured | undefined): Figures {
  const { completions, streams, recordings } = measured;
  const added = (concurrency: (typeof CONCURRENCIES)[number], name: 'p50Ms' | 'p95Ms' | 'p99Ms') =>
    medianOfPairs(
      completions[concurrency].map((round) => round[name]),
      measured === direct ? [] : (direct?.completions[concurrency].map((round) => round[name]) ?? []),
      (value, base) => value - base,
    );
  const addedAt = (concurrency: (typeof CONCURRENCIES)[number]) =>
    [added(concurrency, 'p50Ms'), added(concurrency, 'p95Ms'), added(concurrency, 'p99Ms')] as const;
  return {
    requestsPerSecond: median(throughput(measured)),
    cpuMsPerRequest: median(cpu(measured)),
    addedMs: { 1: addedAt(1), 8: addedAt(8), 64: addedAt(64) },
    firstByteP50Ms: median(streams.map((round) => round.firstByteP50Ms)),
    transitP50Ms: median(streams.map((round) => round.transitP50Ms)),
    transitP99Ms: median(transit(measured)),
    cpuMicrosecondsPerToken: median(streams.map((round) => round.cpuMicrosecondsPerToken)),
    recordingP50Ms: median(recordings.map((round) => round.p50Ms)),
  };
}

/** A ratio to one other subject, and what Sensorium's is meant to be. */
export interface Goal {
  readonly what: string;
  readonly against: keyof Measurements;
  readonly limit: number;
  readonly better: 'lower' | 'higher';
  of(measured: Measured): Rounds;
}

export const GOALS: readonly Goal[] = [
  { what: 'CPU a request', against: 'bare', limit: 1.6, better: 'lower', of: cpu },
  { what: 'requests/s', against: 'portkey', limit: 8, better: 'higher', of: throughput },
  { what: 'requests/s', against: 'litellm', limit: 60, better: 'higher', of: throughput },
  { what: 'token transit p99', against: 'bare', limit: 1.5, better: 'lower', of: transit },
  {
    what: '10 MB peak memory',
    against: 'fastify',
    limit: 1.3,
    better: 'lower',
    of: ({ recordingsPeakMiB }) => [recordingsPeakMiB],
  },
];

/** The median over the rounds of a subject's figure over the other's in the same round; null when either is missing. */
export function ratioOf(goal: Goal, measured: Measured, measurements: Measurements): number | null {
  const other = measurements[goal.against];
  return other ? medianOfPairs(goal.of(measured), goal.of(other), (value, base) => value / base) : null;
}

/** Whether a ratio reaches the goal; null when it was not measured. */
export function isMet({ better, limit }: Goal, ratio: number | null): boolean | null {
  if (ratio === null) return null;
  return better === 'lower' ? ratio <= limit : ratio >= limit;
}

function throughput({ completions }: Measured): Rounds {
  return completions[64].map((round) => round.requestsPerSecond);
}

function cpu({ completions }: Measured): Rounds {
  return completions[64].map((round) => round.cpuMsPerRequest);
}

function transit({ streams }: Measured): Rounds {
  return streams.map((round) => round.transitP99Ms);
}
