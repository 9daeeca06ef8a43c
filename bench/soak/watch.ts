import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { childrenOf } from './disturb.ts';

/** What a running server holds at one moment. */
export interface Sample {
  /** Since the load began. */
  readonly seconds: number;
  readonly serverMiB: number;
  /** Resident memory of the processes it started; pages they share count for each. */
  readonly childrenMiB: number;
  readonly children: number;
  /** Without the connections of its clients, who keep some open. */
  readonly openFiles: number;
  readonly connections: number;
  readonly temporaryFiles: number;
  /** The worst and the 99th percentile of its event loop’s lag since the sample before. */
  readonly lagMaxMs: number;
  readonly lagP99Ms: number;
  /** How long `/healthz` took to answer. */
  readonly healthMs: number;
  readonly running: number;
}

const KIB_PER_MIB = 1024;

/** Looks at a server. Linux only. */
export async function sampleOf(
  { url, pid, temporaryFiles }: { url: string; pid: number; temporaryFiles(): readonly string[] },
  seconds: number,
): Promise<Sample> {
  const askedMs = performance.now();
  await (await fetch(`${url}/healthz`)).arrayBuffer();
  const healthMs = performance.now() - askedMs;
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const figure = (name: string) => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(metrics)?.[1] ?? Number.NaN);
  const children = childrenOf(pid);
  const connections = connectionsTo(Number(new URL(url).port));
  return {
    seconds: round(seconds),
    serverMiB: residentMiB(pid),
    childrenMiB: round(children.reduce((sum, child) => sum + residentMiB(child), 0)),
    children: children.length,
    ...openFiles(pid, connections),
    temporaryFiles: temporaryFiles().length,
    lagMaxMs: round(figure('nodejs_eventloop_lag_max_seconds') * 1000),
    lagP99Ms: round(figure('nodejs_eventloop_lag_p99_seconds') * 1000),
    healthMs: round(healthMs),
    running: figure('sensorium_requests_running'),
  };
}

function residentMiB(pid: number): number {
  try {
    return round(
      Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) / KIB_PER_MIB,
    );
  } catch {
    return 0;
  }
}

function openFiles(pid: number, sockets: ReadonlySet<string>): Pick<Sample, 'openFiles' | 'connections'> {
  const links = readdirSync(`/proc/${pid}/fd`).map((name) => linkOf(`/proc/${pid}/fd/${name}`));
  const connections = links.filter((link) => sockets.has(link)).length;
  return { openFiles: links.length - connections, connections };
}

/** The sockets at the server’s end of its connections, as links in /proc name them (fields as in proc_net_tcp). */
function connectionsTo(port: number): ReadonlySet<string> {
  const rows = readFileSync('/proc/net/tcp', 'latin1').split('\n').slice(1);
  const own = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const fields = rows.map((row) => row.trim().split(/\s+/));
  const LISTENING = '0A';
  return new Set(
    fields.flatMap(([, local, , state, , , , , , inode]) =>
      local?.endsWith(own) && state !== LISTENING ? [`socket:[${inode}]`] : [],
    ),
  );
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
