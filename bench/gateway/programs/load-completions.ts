import { Pool } from 'undici';
import { type Exchange, exchange } from './exchange.ts';
import type { CompletionsJob, LatencyResult, ProbeJob } from './messages.ts';
import { ANSWER, bodyOf } from './payload.ts';
import { cpuMsOfTree } from './proc.ts';
import { percentile } from './statistics.ts';

/** Unrecorded requests on each connection before the clock starts. */
const FIRST_REQUESTS = 2;
const KEPT_REASON_CHARS = 200;
const TIMEOUT_MS = 60_000;

/** Loads a gateway with whole answers and measures each. An answer that is not 200 with the upstream's words is a failure. */
export async function runCompletions(job: CompletionsJob): Promise<LatencyResult> {
  const { target, concurrency, settleUrl } = job;
  const url = new URL(`${target.baseUrl}/chat/completions`);
  const pool = openPool(url.origin, concurrency);
  const settling = settleUrl ? openPool(new URL(settleUrl).origin, 1) : null;
  const body = bodyOf(job.payload, target.model);
  const headers = { 'content-type': 'application/json', ...target.headers };
  const tally = new Tally();

  const once = async () => {
    const chunks: Buffer[] = [];
    const done = await exchange(pool, { path: url.pathname, method: 'POST', headers, body }, (chunk) => {
      chunks.push(chunk);
    }).catch((error: Error) => error);
    tally.add(done, Buffer.concat(chunks).toString(), ANSWER);
    if (settling && settleUrl) await exchange(settling, { path: new URL(settleUrl).pathname, method: 'GET' }, () => {});
  };
  const loop = async (goOn: () => boolean) => {
    while (goOn()) await once();
  };
  const inParallel = (goOn: () => boolean) => Promise.all(Array.from({ length: concurrency }, () => loop(goOn)));

  try {
    let begun = 0;
    if (!settling) await inParallel(() => begun++ < FIRST_REQUESTS * concurrency);
    tally.forgetTimes();
    const cpuBefore = target.pid === null ? 0 : cpuMsOfTree(target.pid);
    const began = performance.now();
    begun = 0;
    await inParallel(() => begun < job.maxRequests && performance.now() - began < job.maxMs && ++begun > 0);
    const seconds = (performance.now() - began) / 1000;
    const cpuMs = target.pid === null ? null : cpuMsOfTree(target.pid) - cpuBefore;
    return tally.result(seconds, cpuMs);
  } finally {
    await Promise.all([pool.destroy(), settling?.destroy()]);
  }
}

/** Asks one address again and again, one request at a time. */
export async function runProbe({ url, pauseMs, maxMs }: ProbeJob): Promise<LatencyResult> {
  const { origin, pathname } = new URL(url);
  const pool = openPool(origin, 1);
  const tally = new Tally();
  try {
    const began = performance.now();
    while (performance.now() - began < maxMs) {
      const done = await exchange(pool, { path: pathname, method: 'GET' }, () => {}).catch((error: Error) => error);
      tally.add(done, '', '');
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    return tally.result((performance.now() - began) / 1000, null);
  } finally {
    await pool.destroy();
  }
}

/** A pool that never opens more connections than told and never sends a request twice. */
export function openPool(origin: string, connections: number): Pool {
  return new Pool(origin, { connections, pipelining: 1, headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS });
}

class Tally {
  #times: number[] = [];
  #sent = 0;
  #failures = 0;
  #failure: string | null = null;

  /** Counts one exchange. `expected` must be in the text. */
  add(done: Exchange | Error, text: string, expected: string): void {
    this.#sent += 1;
    if (done instanceof Error) this.#fail(done.message);
    else if (done.statusCode !== 200 || !text.includes(expected)) this.#fail(`${done.statusCode} ${text}`);
    else this.#times.push(done.ms);
  }

  forgetTimes(): void {
    this.#times = [];
  }

  result(seconds: number, cpuMs: number | null): LatencyResult {
    const times = this.#times;
    return {
      sent: this.#sent,
      failures: this.#failures,
      failure: this.#failure,
      requestsPerSecond: times.length / seconds,
      p50Ms: percentile(times, 50),
      p95Ms: percentile(times, 95),
      p99Ms: percentile(times, 99),
      maxMs: percentile(times, 100),
      cpuMsPerRequest: cpuMs === null || times.length === 0 ? null : cpuMs / times.length,
    };
  }

  #fail(why: string): void {
    this.#failures += 1;
    this.#failure ??= why.slice(0, KEPT_REASON_CHARS);
  }
}
