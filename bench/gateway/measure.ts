import { setTimeout as sleep } from 'node:timers/promises';
import type { Generator } from './generator.ts';
import type { CompletionsJob, LatencyResult, StreamsResult, Target, UpstreamCounts } from './programs/messages.ts';
import { memoryOfTree } from './programs/proc.ts';
import { type Setting, type Started, SUBJECTS, type SubjectName } from './subjects.ts';

export const CONCURRENCIES = [1, 8, 64] as const;
const STREAMS = 64;
const RECORDINGS_LIMIT_MS = 30_000;
/** How long a subject is left alone before its idle memory is read. */
const SETTLE_MS = 1_500;

/** How much is measured. */
export interface Extent {
  readonly rounds: number;
  /** Bounds of the warm-up of one subject: until its code is compiled, it is not what people run. */
  readonly warmUpMs: number;
  readonly warmUpRequests: number;
  /** Bounds of one concurrency of one subject in one round. */
  readonly cellMs: number;
  readonly cellRequests: number;
  /** 10 MB recordings a round. */
  readonly recordings: number;
}

/** What was measured of one subject, round by round. */
export interface Measured {
  readonly title: string;
  /** Why there are no figures; null when there are. */
  missing: string | null;
  startSeconds: number | null;
  idleMiB: number | null;
  /** After all the load but the recordings. */
  peakMiB: number | null;
  /** Of a fresh process that was sent nothing but recordings. */
  recordingsPeakMiB: number | null;
  readonly completions: Record<(typeof CONCURRENCIES)[number], LatencyResult[]>;
  readonly streams: StreamsResult[];
  readonly recordings: LatencyResult[];
  /** What went wrong on the way, in words. */
  readonly troubles: string[];
}
export type Measurements = Partial<Record<SubjectName, Measured>>;

type Side = readonly [Measured, Started];

/**
 * Measures the named subjects in turn, round by round, so that whatever else the machine does falls on all alike: first
 * the recordings on fresh processes, then whole answers and streams on new ones.
 */
export async function measure(
  names: readonly SubjectName[],
  setting: Setting,
  generator: Generator,
  extent: Extent,
): Promise<Measurements> {
  const { log } = setting;
  const measurements: Measurements = {};
  for (const name of names) measurements[name] = nothingYet(SUBJECTS[name].title);
  const all = Object.entries(measurements) as [SubjectName, Measured][];
  const upstreamUrl = `http://127.0.0.1:${setting.upstreamPort}/counts`;

  async function withAll(body: (sides: readonly Side[]) => Promise<void>): Promise<void> {
    const sides: Side[] = [];
    try {
      for (const [name, measured] of all) {
        if (measured.missing !== null) continue;
        try {
          sides.push([measured, await SUBJECTS[name].start(setting)]);
        } catch (error) {
          setting.signal.throwIfAborted();
          measured.missing = error instanceof Error ? error.message : String(error);
          log(`${measured.title} is missing: ${measured.missing}`);
        }
      }
      await sleep(SETTLE_MS, undefined, { signal: setting.signal });
      await body(sides);
    } finally {
      await Promise.all(sides.map(([, started]) => started.end()));
    }
  }

  // The upstream counts and checks what arrives; a request that was dropped, repeated or changed is a trouble.
  async function cell<R extends LatencyResult | StreamsResult>(
    measured: Measured,
    what: string,
    job: () => Promise<R>,
  ): Promise<R> {
    setting.signal.throwIfAborted();
    const before = await countsOf(upstreamUrl);
    const result = await job();
    const after = await countsOf(upstreamUrl);
    const trouble = (text: string) => {
      measured.troubles.push(`${what}: ${text}`);
      log(`${measured.title}, ${what}: ${text}`);
    };
    const received = after.received - before.received;
    if (result.failures > 0) trouble(`${result.failures} of ${result.sent} failed (${result.failure})`);
    if (received !== result.sent) trouble(`${result.sent} sent, ${received} received`);
    if (after.wrong > before.wrong) trouble(`${after.wrong - before.wrong} wrong (${after.reasons.at(-1)})`);
    return result;
  }

  const recordings = (target: Target, requests: number) =>
    generator.run({
      ...completionsOf(target, 1, extent),
      payload: 'audio',
      maxRequests: requests,
      maxMs: RECORDINGS_LIMIT_MS,
      settleUrl: upstreamUrl,
    });
  const streams = (target: Target) => generator.run({ kind: 'streams', target, streams: STREAMS });

  log('10 MB recordings …');
  await withAll(async (sides) => {
    for (const [measured, { target }] of sides) await cell(measured, 'first recording', () => recordings(target, 1));
    for (let round = 0; round < extent.rounds; round++) {
      for (const [measured, { target }] of sides) {
        measured.recordings.push(await cell(measured, 'recordings', () => recordings(target, extent.recordings)));
      }
    }
    for (const [measured, { target }] of sides) measured.recordingsPeakMiB = memory(target)?.peakMiB ?? null;
  });

  await withAll(async (sides) => {
    for (const [measured, { target, startSeconds }] of sides) {
      measured.startSeconds = startSeconds;
      measured.idleMiB = memory(target)?.nowMiB ?? null;
    }
    log('Warming up …');
    for (const [measured, { target }] of sides) {
      const job = { ...completionsOf(target, 64, extent), maxMs: extent.warmUpMs, maxRequests: extent.warmUpRequests };
      await cell(measured, 'warm-up', () => generator.run(job));
      await cell(measured, 'warm-up of streams', () => streams(target));
    }
    for (let round = 0; round < extent.rounds; round++) {
      log(`Round ${round + 1} of ${extent.rounds} …`);
      for (const concurrency of CONCURRENCIES) {
        for (const [measured, { target }] of sides) {
          const job = completionsOf(target, concurrency, extent);
          const what = `${concurrency} at once`;
          measured.completions[concurrency].push(await cell(measured, what, () => generator.run(job)));
        }
      }
      for (const [measured, { target }] of sides) {
        measured.streams.push(await cell(measured, 'streams', () => streams(target)));
      }
    }
    for (const [measured, { target }] of sides) measured.peakMiB = memory(target)?.peakMiB ?? null;
  });
  return measurements;
}

function completionsOf(target: Target, concurrency: number, extent: Extent): CompletionsJob {
  return {
    kind: 'completions',
    target,
    payload: 'text',
    concurrency,
    maxRequests: extent.cellRequests,
    maxMs: extent.cellMs,
  };
}

function memory({ pid }: Target) {
  return pid === null ? null : memoryOfTree(pid);
}

async function countsOf(url: string): Promise<UpstreamCounts> {
  const response = await fetch(url);
  return (await response.json()) as UpstreamCounts;
}

/** A subject nobody has measured so far. */
export function nothingYet(title: string): Measured {
  return {
    title,
    missing: null,
    startSeconds: null,
    idleMiB: null,
    peakMiB: null,
    recordingsPeakMiB: null,
    completions: { 1: [], 8: [], 64: [] },
    streams: [],
    recordings: [],
    troubles: [],
  };
}
