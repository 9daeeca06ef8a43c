import type { ChildProcess } from 'node:child_process';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SensoriumError } from '#contract/error.ts';
import { cancelled, throwIfCancelled } from '#kit/abort.ts';
import { type Channel, channel } from '#kit/channel.ts';
import { nowMs } from '#kit/clock.ts';
import { openPace } from '#kit/pace.ts';
import { startChild, tell } from './child.ts';
import { busyError, deathError, overError } from './failures.ts';
import { type FromWorker, fromWire } from './protocol.ts';

/** A process of its own that runs a model, so that nothing here ever waits for one. Started by the first call. */
export interface Worker {
  call<T>(method: string, argument: unknown, signal?: AbortSignal, options?: CallOptions): Promise<T>;
  stream<T>(method: string, argument: unknown, signal?: AbortSignal, options?: CallOptions): AsyncIterable<T>;
  /**
   * Makes the process ready with this call, unless it has answered one already; all who ask meanwhile share it. Throws
   * `runtime.busy` as a call would, so that whoever comes at a bad time learns it before anything was done.
   */
  prepare(method: string, argument: unknown): Promise<void>;
  /** The process id while one runs. */
  readonly pid: number | undefined;
  /** Ends the process for good: whatever runs or waits fails, and no call starts another. */
  close(): Promise<void>;
}

export interface CallOptions {
  /** Part of work that was let in before: it waits for its turn however many wait already. */
  readonly begun?: boolean;
}

export interface LineOptions {
  /** Calls that may wait while another is worked on, 63 where nothing is said; one more is refused with `runtime.busy`. */
  readonly maxWaiting?: number | undefined;
}

export interface WorkerOptions extends LineOptions {
  /** What it is called where processes are listed; otherwise the folder of its module. */
  readonly name?: string;
  /** Later calls need what earlier ones left in the process: it is never replaced, and all calls end with it when it dies. */
  readonly keepsState?: boolean;
  /** The process ends after this long without a call and starts again with the next one. */
  readonly idleMs?: number;
  /** Above this the process is replaced as soon as it has nothing to do. */
  readonly maxRssBytes?: number;
  /** How far the process stands back for others, 0 to 19 (`nice`). Not 0: whoever answers people goes first. */
  readonly niceness?: number;
  /** How long a cancelled call may take to stop by itself before its process is killed. */
  readonly graceMs?: number;
}

const LIMITS = { keepsState: false, idleMs: 5 * 60_000, maxRssBytes: 4 * 2 ** 30, niceness: 5, graceMs: 120 };
const MAX_WAITING = 63;
/** A call whose process dies is begun again once: what ends every process it meets must not go on ending them. */
const MOST_DEATHS = 2;

interface Call {
  readonly id: number;
  readonly method: string;
  readonly argument: unknown;
  readonly replies: Channel<FromWorker>;
  startedMs: number;
  /** Something of its answer is out. */
  told: boolean;
  /** Nobody waits for it any more. */
  left: boolean;
  /** Processes that died over it. */
  deaths: number;
}

/** What a model process is doing. */
export interface WorkerState {
  readonly name: string;
  readonly pid: number | undefined;
  /** Whether it works on a call. */
  readonly busy: boolean;
  /** Calls that wait for their turn. */
  readonly waiting: number;
  /** Times its process ended without being told to. */
  readonly deaths: number;
}

const states = new Set<() => WorkerState>();

/** What every model process of this program is doing, those that are closed left out. */
export function workerStates(): readonly WorkerState[] {
  return [...states].map((state) => state());
}

/**
 * Prepares a worker for a module that ends in `serve({...})`; `module` is usually `workerModule(import.meta.url)`.
 * Calls run one after the other; one too many fails with `runtime.busy` and when to come back. A cancelled call returns at
 * once; its process gets `graceMs` to stop and is then killed, which native code in the middle of a computation cannot
 * refuse. Waiting calls go on in a new process, and so does, once, the call a process died over before it had told
 * anything: a second death is `runtime.worker-died-twice`, a death in the middle of an answer `runtime.worker-died`.
 */
export function startWorker(module: URL, options: WorkerOptions = {}): Worker {
  const limits = { ...LIMITS, ...options };
  const maxWaiting = options.maxWaiting ?? MAX_WAITING;
  const name = options.name ?? basename(dirname(fileURLToPath(module)));
  const pace = openPace();
  const waiting: Call[] = [];
  let child: ChildProcess | undefined;
  let running: Call | undefined;
  let preparing: Promise<void> | undefined;
  let answered = false;
  let closed = false;
  let lost: SensoriumError | undefined;
  let lastId = 0;
  let deaths = 0;
  let rssBytes = 0;
  let grace: NodeJS.Timeout | undefined;
  let idle: NodeJS.Timeout | undefined;

  function runNext(): void {
    clearTimeout(grace);
    running = waiting.shift();
    if (running) {
      clearTimeout(idle);
      if (rssBytes > limits.maxRssBytes && !limits.keepsState) stop();
      running.startedMs = nowMs();
      child ??= start();
      if (!child) return;
      child.channel?.ref();
      tell(child, { kind: 'call', id: running.id, method: running.method, argument: running.argument });
    } else if (child) {
      child.channel?.unref();
      clearTimeout(idle);
      if (!limits.keepsState) idle = setTimeout(stop, limits.idleMs).unref();
    }
  }

  function start(): ChildProcess | undefined {
    try {
      const started = startChild(module, {
        niceness: limits.niceness,
        onMessage: (message) => started === child && receive(message),
        onEnd: (how, stderr) => started === child && died(how, stderr),
      });
      return started;
    } catch (error) {
      // As if it had died at once; not before whoever called is done.
      setImmediate(() => died((error as NodeJS.ErrnoException).code ?? 'not started', ''));
      return undefined;
    }
  }

  function receive(message: FromWorker): void {
    if (message.id !== running?.id) return;
    running.told = true;
    running.replies.push(message);
    if (message.kind === 'chunk') return;
    if (message.kind === 'end') {
      rssBytes = message.rssBytes;
      answered = true;
      if (!running.left) pace.note(nowMs() - running.startedMs);
    }
    runNext();
  }

  function died(how: string, stderr: string): void {
    forget();
    deaths += 1;
    if (limits.keepsState) {
      lost = deathError(1, how, stderr);
      for (const call of [...(running ? [running] : []), ...waiting.splice(0)]) call.replies.fail(lost);
    } else if (running && !running.left) {
      running.deaths += 1;
      if (running.told || running.deaths >= MOST_DEATHS) {
        running.replies.fail(deathError(running.deaths, how, stderr));
      } else waiting.unshift(running);
    }
    runNext();
  }

  function forget(): void {
    child = undefined;
    rssBytes = 0;
    answered = false;
  }

  function stop(): void {
    const victim = child;
    forget();
    victim?.kill('SIGKILL');
  }

  function mustHaveRoom(): void {
    if (closed) throw overError();
    if (!running || waiting.length < maxWaiting) return;
    throw busyError(waiting.length, pace.retryAfterMs(waiting.length + 1, 1));
  }

  function abandon(call: Call): void {
    call.left = true;
    const place = waiting.indexOf(call);
    if (place >= 0) waiting.splice(place, 1);
    if (call !== running) return;
    if (child) tell(child, { kind: 'cancel', id: call.id });
    grace = setTimeout(() => {
      stop();
      runNext();
    }, limits.graceMs);
  }

  async function* replies(
    method: string,
    argument: unknown,
    signal?: AbortSignal,
    { begun = false }: CallOptions = {},
  ): AsyncGenerator<FromWorker> {
    throwIfCancelled(signal);
    if (closed) throw overError();
    if (lost) throw lost;
    if (!begun) mustHaveRoom();
    const id = ++lastId;
    const call: Call = { id, method, argument, replies: channel(), startedMs: 0, told: false, left: false, deaths: 0 };
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

  async function call<T>(method: string, argument: unknown, signal?: AbortSignal, how?: CallOptions): Promise<T> {
    let value: unknown;
    for await (const reply of replies(method, argument, signal, how)) if (reply.kind === 'end') value = reply.value;
    return value as T;
  }

  const state = () => ({ name, pid: child?.pid, busy: running !== undefined, waiting: waiting.length, deaths });
  states.add(state);
  return {
    get pid() {
      return child?.pid;
    },
    call,
    async *stream<T>(method: string, argument: unknown, signal?: AbortSignal, how?: CallOptions): AsyncGenerator<T> {
      for await (const reply of replies(method, argument, signal, how)) {
        if (reply.kind === 'chunk') yield reply.value as T;
      }
    },
    async prepare(method, argument) {
      mustHaveRoom();
      if (answered) return;
      preparing ??= call<void>(method, argument).finally(() => {
        preparing = undefined;
      });
      await preparing;
    },
    async close() {
      closed = true;
      states.delete(state);
      clearTimeout(idle);
      clearTimeout(grace);
      const calls = [...(running ? [running] : []), ...waiting.splice(0)];
      running = undefined;
      for (const call of calls) call.replies.fail(overError());
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
