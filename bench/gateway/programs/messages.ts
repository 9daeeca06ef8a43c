import type { Payload } from './payload.ts';

/** Where requests go and how they are dressed. */
export interface Target {
  /** Up to and including /v1. */
  readonly baseUrl: string;
  readonly model: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whose processor time is counted, with its descendants; null counts none. */
  readonly pid: number | null;
}

/** Chat completions one after the other on each of `concurrency` connections, until either bound is reached. */
export interface CompletionsJob {
  readonly kind: 'completions';
  readonly target: Target;
  readonly payload: Exclude<Payload, 'stream'>;
  readonly concurrency: number;
  readonly maxRequests: number;
  readonly maxMs: number;
  /** Fetched after each request, outside the measured time: answers when the upstream has finished checking. */
  readonly settleUrl?: string;
}

/** As many streams as told, all begun at once. */
export interface StreamsJob {
  readonly kind: 'streams';
  readonly target: Target;
  readonly streams: number;
}

/** GET requests one at a time with a pause between them, for as long as told. */
export interface ProbeJob {
  readonly kind: 'probe';
  readonly url: string;
  readonly pauseMs: number;
  readonly maxMs: number;
}

export type Job = CompletionsJob | StreamsJob | ProbeJob;

interface Counted {
  /** Every request sent, unrecorded ones too. */
  readonly sent: number;
  readonly failures: number;
  /** Why the first one failed. */
  readonly failure: string | null;
}

export interface LatencyResult extends Counted {
  readonly requestsPerSecond: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly maxMs: number | null;
  readonly cpuMsPerRequest: number | null;
}

export interface StreamsResult extends Counted {
  readonly firstByteP50Ms: number | null;
  readonly transitP50Ms: number | null;
  readonly transitP99Ms: number | null;
  readonly cpuMicrosecondsPerToken: number | null;
}

export type ResultOf<J extends Job> = J extends StreamsJob ? StreamsResult : LatencyResult;

/** What the load process answers a job with. */
export type Reply = { readonly result: LatencyResult | StreamsResult } | { readonly error: string };

export interface UpstreamCounts {
  readonly received: number;
  readonly wrong: number;
  readonly reasons: readonly string[];
}
