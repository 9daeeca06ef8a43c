import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { type Running, startCommand, untilHealthy } from '../../bench/gateway/processes.ts';
import { once, pythonVersion } from '../compat/install.ts';
import { runProgram } from '../compat/program.ts';

/** Somebody else's server that says what our client is worth. */
export interface Judge<T> {
  readonly name: string;
  /** Gets what it needs. What fails here (no Python, no registry) leaves the judge out, aloud. */
  prepare(): Promise<T>;
}

/** A judge's server at work. */
export interface Started {
  end(): Promise<void>;
}

/**
 * Registers the checks of one judge: `check(title, what)` inside `register`. A server that was installed and does not start
 * fails all of them. At the end it says aloud how many checks it made and how many it left out, and why.
 */
export function judged<T, S extends Started>(
  { name, prepare }: Judge<T>,
  start: (prepared: T) => Promise<S>,
  register: (check: (title: string, what: (started: S) => Promise<void>) => void) => void,
): void {
  describe(name, () => {
    let started: S | undefined;
    let missing: string | null = null;
    let made = 0;
    let leftOut = 0;

    beforeAll(async () => {
      let prepared: T;
      try {
        prepared = await prepare();
      } catch (error) {
        missing = error instanceof Error ? (error.message.trim().split('\n').at(-1) ?? '') : String(error);
        return;
      }
      started = await start(prepared);
    });
    afterAll(async () => {
      await started?.end();
      const why = missing === null ? '' : `: ${missing}`;
      console.log(`servers: ${name}: ${made} checks made, ${leftOut} left out${why}`);
    });

    register((title, what) => {
      it(title, async (context) => {
        if (missing !== null) leftOut += 1;
        context.skip(missing !== null, missing ?? undefined);
        if (!started) throw new Error('It did not start.');
        made += 1;
        await what(started);
      });
    });
  });
}

const INSTALL_LIMIT_MS = 1_000_000;

/** The Python of a folder in which the packages of a requirements file beside this module are, installed once. */
export function pythonWith(requirements: string, text: string): Promise<string> {
  const file = new URL(requirements, import.meta.url).pathname;
  return pythonVersion().then(async (version) => {
    const folder = await once(`server-${requirements.replace('.txt', '')}-${version}`, text, async (into) => {
      await runProgram('python3', ['-m', 'venv', `${into}/venv`]);
      const how = ['--quiet', '--disable-pip-version-check', '--no-compile', '--prefer-binary'];
      await runProgram(`${into}/venv/bin/python`, ['-m', 'pip', 'install', ...how, '-r', file], {
        timeoutMs: INSTALL_LIMIT_MS,
      });
    });
    return `${folder}/venv/bin/python`;
  });
}

/** The same, read from the file itself. */
export function pythonFor(requirements: string): Promise<string> {
  return pythonWith(requirements, readFileSync(new URL(requirements, import.meta.url), 'utf8'));
}

/** Python reads much from a disk that was not read before. */
const START_LIMIT_MS = 120_000;

/** Starts a program and waits until it answers at an address. Ends it when it does not. */
export async function startServer(
  command: string,
  args: readonly string[],
  healthUrl: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Running> {
  const running = startCommand(command, args, env);
  try {
    await untilHealthy(running, healthUrl, START_LIMIT_MS, new AbortController().signal);
    return running;
  } catch (error) {
    await running.end();
    throw error;
  }
}
