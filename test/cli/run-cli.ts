import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly home?: string;
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  readonly input?: string;
  /** Called when it runs; `interrupt` sends what Ctrl-C sends. */
  readonly onStart?: (interrupt: () => void) => void;
  /** Called as stderr and stdout grow. */
  readonly onOutput?: (soFar: string, interrupt: () => void) => void;
}

const bin = new URL('../../bin/sensorium.js', import.meta.url).pathname;

/** A new empty folder for one test. */
export function emptyFolder(): string {
  return mkdtempSync(join(tmpdir(), 'sensorium-cli-'));
}

/** Builds what the commands run, if it is not fresh; call it before any of them. */
export function buildCli(): void {
  execFileSync(process.execPath, [bin, '--version'], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Runs the command line as a user does, in a process of its own. */
export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...args], {
      cwd: options.cwd ?? process.cwd(),
      env: { ...process.env, NO_COLOR: '1', SENSORIUM_HOME: options.home ?? emptyFolder(), ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    options.onStart?.(() => child.kill('SIGINT'));
    let stdout = '';
    let stderr = '';
    const tell = () => options.onOutput?.(stdout + stderr, () => child.kill('SIGINT'));
    child.stdout.on('data', (bytes) => {
      stdout += bytes;
      tell();
    });
    child.stderr.on('data', (bytes) => {
      stderr += bytes;
      tell();
    });
    child.stdin.end(options.input ?? '');
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
