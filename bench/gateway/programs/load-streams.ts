import { exchange } from './exchange.ts';
import { openPool } from './load-completions.ts';
import type { StreamsJob, StreamsResult } from './messages.ts';
import { bodyOf, STREAM_TOKENS } from './payload.ts';
import { cpuMsOfTree } from './proc.ts';
import { percentile } from './statistics.ts';
import { Transit } from './transit.ts';

/** Begins all streams at once and measures each token's way. A stream that lacks a token or its end is a failure. */
export async function runStreams({ target, streams }: StreamsJob): Promise<StreamsResult> {
  const url = new URL(`${target.baseUrl}/chat/completions`);
  const pool = openPool(url.origin, streams);
  const body = bodyOf('stream', target.model);
  const headers = { 'content-type': 'application/json', ...target.headers };
  const firstBytes: number[] = [];
  const transits: number[] = [];
  let failures = 0;
  let failure: string | null = null;

  const once = async () => {
    const transit = new Transit();
    const began = performance.now();
    let firstByteMs: number | null = null;
    let ended = false;
    const done = await exchange(pool, { path: url.pathname, method: 'POST', headers, body }, (chunk) => {
      firstByteMs ??= performance.now() - began;
      ended = transit.add(chunk.toString('latin1'), process.hrtime.bigint()) || ended;
    }).catch((error: Error) => error);
    if (done instanceof Error || done.statusCode !== 200 || transit.ms.length !== STREAM_TOKENS || !ended) {
      failures += 1;
      failure ??=
        done instanceof Error ? done.message : `${done.statusCode}, ${transit.ms.length} tokens, ended: ${ended}`;
      return;
    }
    if (firstByteMs !== null) firstBytes.push(firstByteMs);
    for (const ms of transit.ms) transits.push(ms);
  };

  try {
    const cpuBefore = target.pid === null ? 0 : cpuMsOfTree(target.pid);
    await Promise.all(Array.from({ length: streams }, once));
    const cpuMs = target.pid === null ? null : cpuMsOfTree(target.pid) - cpuBefore;
    return {
      sent: streams,
      failures,
      failure,
      firstByteP50Ms: percentile(firstBytes, 50),
      transitP50Ms: percentile(transits, 50),
      transitP99Ms: percentile(transits, 99),
      cpuMicrosecondsPerToken: cpuMs === null || transits.length === 0 ? null : (cpuMs * 1000) / transits.length,
    };
  } finally {
    await pool.destroy();
  }
}
