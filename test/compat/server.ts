import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { loadConfig } from '#config/index.ts';
import { runProgram } from './program.ts';

const bin = new URL('../../bin/sensorium.js', import.meta.url).pathname;

/** The server under judgement, in a home of its own with the models of this machine's store. */
export interface Judged {
  readonly url: string;
  readonly key: string;
  /** A key that allows one request at a time. */
  readonly narrowKey: string;
  /** What it wrote to its log so far. */
  log(): string;
  /** Asks it to stop, and gives its exit code. */
  stop(): Promise<number | null>;
}

/** Starts the server as a user does, with two keys, and `house`: a remote server that answers with what it is sent. */
export async function startJudged(
  house: { readonly url: string; readonly key: string },
  settings: object = {},
): Promise<Judged> {
  const home = mkdtempSync(join(tmpdir(), 'sensorium-compat-'));
  const models = join(loadConfig().home, 'models');
  mkdirSync(models, { recursive: true });
  symlinkSync(models, join(home, 'models'));
  const facts = { mirror: { input: ['text'] }, ears: { input: ['text', 'audio'] } };
  const config = {
    providers: { house: { baseUrl: house.url, apiKey: house.key, models: facts } },
    log: { level: 'info' },
    ...settings,
  };
  writeFileSync(join(home, 'config.json'), JSON.stringify(config));
  const env = { SENSORIUM_HOME: home, NO_COLOR: '1' };
  const key = await keyNamed('judge', [], env);
  const narrowKey = await keyNamed('narrow', ['--at-once', '1'], env);
  const child = spawn(process.execPath, [bin, 'serve', '--port', '0', '--json'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (bytes) => {
    log += bytes;
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const first = await Promise.race([once(createInterface(child.stdout), 'line'), ended.then(() => null)]);
  if (first === null) throw new Error(`the server did not start: ${log}`);
  return {
    url: JSON.parse(String(first[0])).url,
    key,
    narrowKey,
    log: () => log,
    async stop() {
      const code = await stopped(child, ended);
      rmSync(home, { recursive: true, force: true });
      return code;
    },
  };
}

async function keyNamed(name: string, more: readonly string[], env: Record<string, string>): Promise<string> {
  const { stdout } = await runProgram(process.execPath, [bin, 'keys', 'create', '--name', name, '--json', ...more], {
    env,
  });
  return JSON.parse(stdout).secret;
}

const PATIENCE_MS = 40_000;

async function stopped(child: ChildProcess, ended: Promise<number | null>): Promise<number | null> {
  child.kill('SIGTERM');
  const tooLong = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  const code = await ended;
  clearTimeout(tooLong);
  return code;
}
