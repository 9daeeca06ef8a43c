import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from '#kit/command.ts';
import type { Binding } from './peer.ts';

const FOLDER = fileURLToPath(new URL('../.venv', import.meta.url));
const PYTHON = process.platform === 'win32' ? join(FOLDER, 'Scripts', 'python.exe') : join(FOLDER, 'bin', 'python');

const WHEELS = fileURLToPath(new URL('./requirements.txt', import.meta.url));
const BUILT = fileURLToPath(new URL('./requirements-native.txt', import.meta.url));
const WHEELS_ONLY = ['--only-binary', ':all:'];

/**
 * The Python of a virtual environment with the pinned peers, set up when it is not there or the pins have changed.
 * `llama-cpp-python` comes on top if it is wanted: it has no wheels, so a compiler works on it for some ten minutes.
 * Throws with what `pip` said.
 */
export async function setUpPeers(binding: Binding, log: (line: string) => void, signal: AbortSignal): Promise<string> {
  if (!isInstalled(WHEELS)) {
    log('Setting up the Python peers in bench/.venv (once, about 500 MB) …');
    await mustRun('python3', ['-m', 'venv', '--clear', FOLDER], signal);
    await install(WHEELS, WHEELS_ONLY, signal);
  }
  if (binding === 'llama-cpp-python' && !isInstalled(BUILT)) {
    log('Building llama-cpp-python for this processor (once, some ten minutes) …');
    await install(BUILT, [...WHEELS_ONLY, '--no-binary', binding], signal);
  }
  return PYTHON;
}

// A copy of the pins in the environment says that they were installed to the end.
function isInstalled(requirements: string): boolean {
  const copy = join(FOLDER, basename(requirements));
  return existsSync(copy) && readFileSync(copy, 'utf8') === readFileSync(requirements, 'utf8');
}

async function install(requirements: string, options: readonly string[], signal: AbortSignal): Promise<void> {
  await mustRun(PYTHON, ['-m', 'pip', 'install', '--quiet', ...options, '-r', requirements], signal);
  copyFileSync(requirements, join(FOLDER, basename(requirements)));
}

async function mustRun(program: string, args: readonly string[], signal: AbortSignal): Promise<void> {
  const { code, startError, stderr } = await runCommand(program, args, { signal });
  if (startError) throw new Error(`${program} could not be started; the peers need Python 3.11 or newer.`);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} failed:\n${stderr}`);
}
