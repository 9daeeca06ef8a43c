import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { loadConfig } from '#config/index.ts';

const bin = new URL('../../bin/sensorium.js', import.meta.url).pathname;

/** A server as a user starts it, in a process of its own. */
export interface Served {
  readonly url: string;
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  /** Ends it if it still runs, and takes its folder away. */
  end(): Promise<void>;
}

/** Starts `sensorium serve` with a configuration of its own and the models of this machine’s store. */
export async function serve(config: object = {}): Promise<Served> {
  const home = mkdtempSync(join(tmpdir(), 'sensorium-reliability-'));
  const models = join(loadConfig().home, 'models');
  if (existsSync(models)) symlinkSync(models, join(home, 'models'));
  else mkdirSync(join(home, 'models'));
  writeFileSync(join(home, 'config.json'), JSON.stringify({ log: { level: 'warn' }, ...config }));
  const child = spawn(process.execPath, [bin, 'serve', '--port', '0', '--json'], {
    env: { ...process.env, SENSORIUM_HOME: home, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close').then(([code, signal]) => code ?? signal);
  const [line] = await Promise.race([
    once(createInterface(child.stdout), 'line'),
    ended.then((how) => Promise.reject(new Error(`The server did not start (${how}).`))),
  ]);
  return {
    ...JSON.parse(line),
    kill: (signal) => void child.kill(signal),
    ended,
    async end() {
      child.kill('SIGKILL');
      await ended;
      rmSync(home, { recursive: true, force: true });
    },
  };
}
