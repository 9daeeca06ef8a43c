import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { workerStates } from '#runtime/worker/host.ts';

/** What a process holds at one moment. Linux only: it is read from `/proc`. */
export interface Held {
  /** Processes it started that are not model processes which it knows. */
  readonly strangers: readonly string[];
  readonly openFiles: number;
  /** Folders and files of ours in the folder for temporary files. */
  readonly temporary: readonly string[];
  readonly rssMb: number;
  /** Of the largest of its model processes, now. */
  readonly workerRssMb: number;
}

/** Counts what this process holds. Call it when nothing is at work. */
export function held(): Held {
  const known = new Set(workerStates().map(({ pid }) => String(pid)));
  const children = childrenOf(process.pid);
  return {
    strangers: children.filter((pid) => !known.has(pid)).map((pid) => `${pid} ${commandOf(pid)}`),
    openFiles: readdirSync('/proc/self/fd').length,
    temporary: readdirSync(tmpdir()).filter((name) => name.startsWith('sensorium-')),
    rssMb: Math.round(process.memoryUsage.rss() / 2 ** 20),
    workerRssMb: Math.max(0, ...[...known].map(rssMbOf)),
  };
}

/** Processor time in seconds: of this process, and of the processes it started that have ended. */
export function processorSeconds(): { own: number; ended: number } {
  const fields = readFileSync('/proc/self/stat', 'latin1').split(') ')[1]?.split(' ') ?? [];
  // proc(5): utime, stime, cutime and cstime are fields 14 to 17, in hundredths of a second.
  const [own = 0, system = 0, children = 0, childrenSystem = 0] = fields.slice(11, 15).map(Number);
  return { own: (own + system) / 100, ended: (children + childrenSystem) / 100 };
}

function childrenOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) => {
    const text = read(`/proc/${pid}/task/${thread}/children`).trim();
    return text === '' ? [] : text.split(' ');
  });
}

const commandOf = (pid: string) => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').slice(0, 200);

function rssMbOf(pid: string): number {
  return Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) / 1_024);
}

// A process may end while it is looked at.
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
