import { spawn } from 'node:child_process';
import { cancelled } from './abort.ts';

export interface CommandResult {
  /** Exit code; `null` when a signal ended it or it could not be started. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Set when the program could not be started at all (`ENOENT`: not installed). */
  readonly startError?: NodeJS.ErrnoException;
}

const KEPT_CHARS = 64 * 1024;

/** Runs a program to its end without a shell and keeps the end of what it printed. Cancelling kills it. */
export function runCommand(
  program: string,
  args: readonly string[],
  options: {
    readonly signal?: AbortSignal;
    readonly cwd?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly timeoutMs?: number;
  } = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    if (options.signal?.aborted) return reject(cancelled(options.signal));
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.cwd ? { cwd: options.cwd } : {}),
      ...(options.env ? { env: { ...inheritedEnvironment(), ...options.env } } : {}),
    });
    let stdout = '';
    let stderr = '';
    let startError: NodeJS.ErrnoException | undefined;
    const stop = () => child.kill('SIGKILL');
    const timer = options.timeoutMs ? setTimeout(stop, options.timeoutMs) : undefined;
    options.signal?.addEventListener('abort', stop, { once: true });
    child.stdout.on('data', (bytes) => {
      stdout = (stdout + bytes).slice(-KEPT_CHARS);
    });
    child.stderr.on('data', (bytes) => {
      stderr = (stderr + bytes).slice(-KEPT_CHARS);
    });
    child.on('error', (error) => {
      startError = error;
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', stop);
      if (options.signal?.aborted) return reject(cancelled(options.signal));
      resolve({ code, stdout, stderr, ...(startError ? { startError } : {}) });
    });
  });
}

// A child gets what this process was started with; reading single settings from it stays config's affair.
function inheritedEnvironment(): NodeJS.ProcessEnv {
  // biome-ignore lint/style/noProcessEnv: handed on whole, not read
  return process.env;
}
