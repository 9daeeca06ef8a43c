import { type ChildProcess, fork, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const KEPT_OUTPUT_CHARS = 4_000;
const HEALTH_INTERVAL_MS = 100;
const HEALTH_REQUEST_MS = 5_000;

/** A process of the benchmark. It ends with `end`, or with us. */
export interface Running {
  readonly pid: number;
  /** The end of what it printed. */
  output(): string;
  /** Why it is no longer there; null while it is. */
  ended(): string | null;
  end(): Promise<void>;
  /** The channel to one of our own programs. */
  readonly child: ChildProcess;
}

const living = new Set<Running>();
process.once('exit', () => {
  for (const { child } of living) kill(child);
});

/** Starts a compiled program of ours with a channel to it: it ends when the channel closes. */
export function startProgram(file: string, args: readonly string[] = []): Running {
  return watch(
    fork(file, args.map(String), { execArgv: [], detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] }),
  );
}

/** Starts a program of somebody else's. `env` comes on top of ours. */
export function startCommand(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Running {
  return watch(
    spawn(command, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } }),
  );
}

/** A port nobody listens on at the moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** Waits until an address answers at all (any status below 500). Throws with what the process printed when it never does. */
export async function untilHealthy(running: Running, url: string, limitMs: number, signal: AbortSignal): Promise<void> {
  const giveUpAt = performance.now() + limitMs;
  for (;;) {
    const ended = running.ended();
    if (ended) throw new Error(`${ended}. It said: ${running.output().trim() || 'nothing'}`);
    try {
      const request = AbortSignal.any([signal, AbortSignal.timeout(HEALTH_REQUEST_MS)]);
      const response = await fetch(url, { signal: request });
      await response.arrayBuffer();
      if (response.status < 500) return;
    } catch {
      signal.throwIfAborted();
    }
    if (performance.now() > giveUpAt) throw new Error(`It did not answer within ${limitMs / 1000} s.`);
    await sleep(HEALTH_INTERVAL_MS, undefined, { signal });
  }
}

function watch(child: ChildProcess): Running {
  let output = '';
  let ended: string | null = null;
  const gone = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      ended ??= `It could not be started: ${error.message}`;
      resolve();
    });
    child.once('close', (code, by) => {
      ended ??= `It ended (${by ?? `exit code ${code}`})`;
      resolve();
    });
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (bytes) => {
      output = (output + bytes).slice(-KEPT_OUTPUT_CHARS);
    });
  }
  const running: Running = {
    pid: child.pid ?? 0,
    child,
    output: () => output,
    ended: () => ended,
    async end() {
      kill(child);
      await gone;
      living.delete(running);
    },
  };
  living.add(running);
  return running;
}

// Each process leads a group of its own, so that what it started itself ends with it.
function kill(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}
