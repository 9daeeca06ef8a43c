import { type ChildProcess, spawn } from 'node:child_process';
import { cancelled, throwIfCancelled } from '#kit/abort.ts';
import { type CommandResult, runCommand } from '#kit/command.ts';

/** An ffmpeg at work: its standard output as it comes, and how it ended. */
export interface FfmpegRun {
  readonly output: AsyncIterable<Buffer>;
  /** Settles when the process has ended; never rejects. `stderr` is the end of what it complained about. */
  readonly ended: Promise<{ readonly code: number | null; readonly stderr: string }>;
}

const KEPT_CHARS = 64 * 1024;

// No shell is involved, and a container that points elsewhere (a playlist) may not reach the network.
const GUARDED = ['-hide_banner', '-nostdin', '-protocol_whitelist', 'file,pipe'];

const alive = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

let found: Promise<string | null> | undefined;
let settled: string | null | undefined;

/** The ffmpeg to use: the system's, else the one the npm package @ffmpeg-installer/ffmpeg brings, else `null`. */
export function findFfmpeg(): Promise<string | null> {
  found ??= search().then((path) => {
    settled = path;
    return path;
  });
  return found;
}

/** What `findFfmpeg` found, for those who cannot wait; `undefined` while nobody has looked. */
export function knownFfmpeg(): string | null | undefined {
  return settled;
}

/** Looking into a file takes a fraction of a second; eight crafted bytes can make some versions look for minutes. */
const DESCRIBING_MS = 30_000;

/** What ffmpeg says about a file (on `stderr`, in words), without decoding it; where that takes too long, what it had said until then. */
export function describeWithFfmpeg(
  program: string,
  input: readonly string[],
  signal: AbortSignal,
  timeoutMs = DESCRIBING_MS,
): Promise<CommandResult> {
  return runCommand(program, [...GUARDED, ...input], { signal, timeoutMs });
}

/**
 * Runs ffmpeg and streams its standard output; it waits when nobody reads. Leaving the output early, or cancelling, kills it.
 */
export function runFfmpeg(
  program: string,
  input: readonly string[],
  output: readonly string[],
  signal: AbortSignal,
): FfmpegRun {
  throwIfCancelled(signal);
  const child = spawn(program, [...GUARDED, '-loglevel', 'error', ...input, ...output], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (bytes) => {
    stderr = (stderr + bytes).slice(-KEPT_CHARS);
  });
  const stop = () => child.kill('SIGKILL');
  signal.addEventListener('abort', stop, { once: true });
  alive.add(child);
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve) => {
    child.on('error', (error) => resolve({ code: null, stderr: error.message }));
    child.on('close', (code) => {
      alive.delete(child);
      resolve({ code, stderr });
    });
  });

  async function* read(): AsyncGenerator<Buffer> {
    try {
      for await (const bytes of child.stdout) yield bytes;
      if (signal.aborted) throw cancelled(signal);
    } finally {
      stop();
      signal.removeEventListener('abort', stop);
    }
  }
  return { output: read(), ended };
}

async function search(): Promise<string | null> {
  for (const candidate of ['ffmpeg', await packaged()]) {
    if (candidate && (await runCommand(candidate, ['-version'])).code === 0) return candidate;
  }
  return null;
}

async function packaged(): Promise<string | null> {
  try {
    const { default: installer } = await import('@ffmpeg-installer/ffmpeg');
    return installer.path;
  } catch {
    // Not installed, or not made for this machine.
    return null;
  }
}
