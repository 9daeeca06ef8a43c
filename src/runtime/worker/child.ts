import { type ChildProcess, fork } from 'node:child_process';
import type { Socket } from 'node:net';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { loaderFlags } from '#kit/from-source.ts';
import type { FromWorker, ToWorker } from './protocol.ts';

const KEPT_STDERR_CHARS = 4_000;

const alive = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

export interface ChildOptions {
  /** `nice`, 0 to 19. */
  readonly niceness: number;
  onMessage(message: FromWorker): void;
  /** It is gone, or never came to be: how, and the end of what it wrote to its error stream. */
  onEnd(how: string, stderr: string): void;
}

/** Starts a module as a process that ends with this one and does not keep it alive. Throws where none can be started. */
export function startChild(module: URL, { niceness, onMessage, onEnd }: ChildOptions): ChildProcess {
  const path = fileURLToPath(module);
  const child = fork(path, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: loaderFlags(path),
  });
  alive.add(child);
  // A model at work must not take the processor from the process that answers people.
  try {
    if (child.pid) setPriority(child.pid, niceness);
  } catch {
    // Not allowed here: it then runs at equal priority.
  }
  let stderr = '';
  child.stderr?.on('data', (bytes) => {
    stderr = (stderr + bytes).slice(-KEPT_STDERR_CHARS);
  });
  const ended = (how: string) => {
    alive.delete(child);
    onEnd(how, stderr);
  };
  child.on('message', onMessage);
  child.on('exit', (code, signal) => ended(signal ?? `exit code ${code}`));
  // One that never came to be has no exit.
  child.on('error', (error) => {
    if (child.pid === undefined) ended((error as NodeJS.ErrnoException).code ?? 'not started');
  });
  // A process that has nothing to do must not keep this one alive; its error stream is a socket that would.
  child.unref();
  (child.stderr as Socket | null)?.unref();
  return child;
}

/** Sends a message to a child, if it still listens. */
export function tell(child: ChildProcess, message: ToWorker): void {
  if (child.connected) child.send(message, () => {});
}
