import { spawn } from 'node:child_process';

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** Whether any exit code will do. */
  readonly anyCode?: boolean;
  readonly cwd?: string;
}

/** Runs a program to its end. Throws when it fails, with the end of what it said. */
export function runProgram(command: string, args: readonly string[], options: ProgramOptions = {}): Promise<Ran> {
  const { env = {}, timeoutMs = 400_000, anyCode = false, cwd } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (bytes) => out.push(bytes));
    child.stderr.on('data', (bytes) => err.push(bytes));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const ran = { code, stdout: Buffer.concat(out).toString('utf8'), stderr: Buffer.concat(err).toString('utf8') };
      if (anyCode || code === 0) return resolve(ran);
      const said = `${ran.stdout}\n${ran.stderr}`.trim().split('\n').slice(-12).join('\n');
      reject(new Error(`${command} ${args[0] ?? ''} ended with ${signal ?? code}: ${said}`));
    });
  });
}
