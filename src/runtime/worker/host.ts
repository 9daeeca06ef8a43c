import { type ChildProcess, fork } from 'node:child_process';
import type { Socket } from 'node:net';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { SensoriumError } from '#contract/error.ts';
import { cancelled, throwIfCancelled } from '#kit/abort.ts';
import { type Channel, channel } from '#kit/channel.ts';
import { loaderFlags } from '#kit/from-source.ts';
import { type FromWorker, fromWire, type ToWorker } from './protocol.ts';

/** A process of its own that runs a model, so that nothing here ever waits for one. Started by the first call. */
export interface Worker {
  call<T>(method: string, argument: unknown, signal?: AbortSignal): Promise<T>;
  stream<T>(method: string, argument: unknown, signal?: AbortSignal): AsyncIterable<T>;
  /** The process id while one runs. */
  readonly pid: number | undefined;
  /** Ends the process for good: whatever runs or waits fails, and no call starts another. */
  close(): Promise<void>;
}

export interface WorkerOptions {
  /** Calls that may wait or run at once; one more is refused with `runtime.busy`. */
  readonly maxCalls?: number;
  /** The process ends after this long without a call and starts again with the next one. */
  readonly idleMs?: number;
  /** Above this the process is replaced as soon as it has nothing to do. */
  readonly maxRssBytes?: number;
  /** How far the process stands back for others, 0 to 19 (`nice`). Not 0: whoever answers people goes first. */
  readonly niceness?: number;
  /** How long a cancelled call may take to stop by itself before its process is killed. */
  readonly graceMs?: number;
}

const LIMITS = { maxCalls: 64, idleMs: 5 * 60_000, maxRssBytes: 4 * 2 ** 30, niceness: 5, graceMs: 120 };
const KEPT_STDERR_CHARS = 4_000;

interface Call {
  readonly id: number;
  readonly method: string;
  readonly argument: unknown;
  readonly replies: Channel<FromWorker>;
}

const alive = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

/**
 * Prepares a worker for a module that ends in `serve({...})`; `module` is usually `workerModule(import.meta.url)`.
 * Calls run one after the other. A cancelled call returns at once; its process gets `graceMs` to stop and is then killed,
 * which native code in the middle of a computation cannot refuse. Waiting calls go on in a new process.
 */
export function startWorker(module: URL, options: WorkerOptions = {}): Worker {
  const limits = { ...LIMITS, ...options };
  const waiting: Call[] = [];
  let child: ChildProcess | undefined;
  let running: Call | undefined;
  let closed = false;
  let lastId = 0;
  let rssBytes = 0;
  let grace: NodeJS.Timeout | undefined;
  let idle: NodeJS.Timeout | undefined;

  function runNext(): void {
    clearTimeout(grace);
    running = waiting.shift();
    if (running) {
      clearTimeout(idle);
      if (rssBytes > limits.maxRssBytes) stop();
      child ??= start();
      child.channel?.ref();
      tell(child, { kind: 'call', id: running.id, method: running.method, argument: running.argument });
    } else if (child) {
      child.channel?.unref();
      clearTimeout(idle);
      idle = setTimeout(stop, limits.idleMs).unref();
    }
  }

  function receive(message: FromWorker): void {
    if (message.id !== running?.id) return;
    running.replies.push(message);
    if (message.kind === 'chunk') return;
    if (message.kind === 'end') rssBytes = message.rssBytes;
    runNext();
  }

  function start(): ChildProcess {
    const path = fileURLToPath(module);
    const started = fork(path, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: loaderFlags(path),
    });
    alive.add(started);
    // A model at work must not take the processor from the process that answers people.
    try {
      if (started.pid) setPriority(started.pid, limits.niceness);
    } catch {
      // Not allowed here: it then runs at equal priority.
    }
    let stderr = '';
    started.stderr?.on('data', (bytes) => {
      stderr = (stderr + bytes).slice(-KEPT_STDERR_CHARS);
    });
    started.on('message', (message: FromWorker) => {
      if (started === child) receive(message);
    });
    started.on('error', () => {});
    started.on('exit', (code, signal) => {
      alive.delete(started);
      if (started !== child) return;
      child = undefined;
      running?.replies.fail(
        new SensoriumError('runtime.worker-died', `The model process ended (${signal ?? `exit code ${code}`}).`, {
          hint: 'It starts again with the next request; if it keeps dying, the machine may be short of memory.',
          cause: new Error(stderr),
        }),
      );
      runNext();
    });
    // A process that has nothing to do must not keep this one alive; its error stream is a socket that would.
    started.unref();
    (started.stderr as Socket | null)?.unref();
    return started;
  }

  function stop(): void {
    const victim = child;
    child = undefined;
    rssBytes = 0;
    victim?.kill('SIGKILL');
  }

  function abandon(call: Call): void {
    const place = waiting.indexOf(call);
    if (place >= 0) waiting.splice(place, 1);
    if (call !== running) return;
    if (child) tell(child, { kind: 'cancel', id: call.id });
    grace = setTimeout(() => {
      stop();
      runNext();
    }, limits.graceMs);
  }

  async function* replies(method: string, argument: unknown, signal?: AbortSignal): AsyncGenerator<FromWorker> {
    throwIfCancelled(signal);
    if (closed) throw over();
    if (waiting.length + (running ? 1 : 0) >= limits.maxCalls) {
      throw new SensoriumError('runtime.busy', `${limits.maxCalls} requests already wait for this model.`, {
        hint: 'Try again in a moment.',
      });
    }
    const call: Call = { id: ++lastId, method, argument, replies: channel() };
    const cancel = () => signal && call.replies.fail(cancelled(signal));
    signal?.addEventListener('abort', cancel, { once: true });
    let settled = false;
    try {
      waiting.push(call);
      if (!running) runNext();
      for await (const reply of call.replies) {
        settled = reply.kind !== 'chunk';
        if (reply.kind === 'error') throw fromWire(reply.error);
        yield reply;
        if (settled) return;
      }
    } finally {
      signal?.removeEventListener('abort', cancel);
      if (!settled) abandon(call);
    }
  }

  return {
    get pid() {
      return child?.pid;
    },
    async call<T>(method: string, argument: unknown, signal?: AbortSignal): Promise<T> {
      let value: unknown;
      for await (const reply of replies(method, argument, signal)) if (reply.kind === 'end') value = reply.value;
      return value as T;
    },
    async *stream<T>(method: string, argument: unknown, signal?: AbortSignal): AsyncGenerator<T> {
      for await (const reply of replies(method, argument, signal)) if (reply.kind === 'chunk') yield reply.value as T;
    },
    async close() {
      closed = true;
      clearTimeout(idle);
      clearTimeout(grace);
      const calls = [...(running ? [running] : []), ...waiting.splice(0)];
      running = undefined;
      for (const call of calls) call.replies.fail(over());
      const victim = child;
      if (!victim) return;
      // Waiting must keep this process alive until the other is gone.
      victim.ref();
      const gone = new Promise((resolve) => victim.once('exit', resolve));
      stop();
      await gone;
    },
  };
}

/** The `worker` module beside the calling module, in source and in compiled form: `workerModule(import.meta.url)`. */
export function workerModule(callerUrl: string): URL {
  return new URL(callerUrl.endsWith('.ts') ? './worker.ts' : './worker.js', callerUrl);
}

function over(): SensoriumError {
  return new SensoriumError('kit.cancelled', 'This model was closed.');
}

function tell(child: ChildProcess, message: ToWorker): void {
  if (child.connected) child.send(message, () => {});
}
