import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { loadConfig } from '#config/index.ts';

const bin = new URL('../../bin/sensorium.js', import.meta.url).pathname;
const PATIENCE_MS = 40_000;

/** The server under load: as a user starts it, with everything it writes in folders of its own. */
export interface Served {
  readonly url: string;
  readonly pid: number;
  /** Why it is no longer there; `null` while it is. */
  ended(): string | null;
  /** Files it has left among its temporary ones. */
  temporaryFiles(): readonly string[];
  /** The last lines of its log. */
  log(): string;
  /** Asks it to stop and gives its exit code or the signal that ended it. Removes its folders. */
  stop(): Promise<number | string>;
}

/** Starts `sensorium serve` with the models of this machine’s store and the usual configuration. */
export async function startServed(): Promise<Served> {
  const home = mkdtempSync(join(tmpdir(), 'sensorium-soak-'));
  const temporary = join(home, 'tmp');
  mkdirSync(temporary);
  symlinkSync(join(loadConfig().home, 'models'), join(home, 'models'));
  writeFileSync(join(home, 'config.json'), JSON.stringify({ log: { level: 'warn' } }));
  const child = spawn(process.execPath, [bin, 'serve', '--port', '0', '--json'], {
    env: { ...process.env, SENSORIUM_HOME: home, TMPDIR: temporary, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl-C is for the soak, which then stops the server itself.
    detached: true,
  });
  process.once('exit', () => child.kill('SIGKILL'));
  let log = '';
  child.stderr.on('data', (bytes) => {
    log = (log + bytes).slice(-20_000);
  });
  let ended: string | null = null;
  const gone = once(child, 'close').then(([code, signal]): number | string => {
    ended = `it ended with ${code ?? signal}`;
    return code ?? signal;
  });
  const first = await Promise.race([once(createInterface(child.stdout), 'line'), gone.then(() => null)]);
  if (first === null) throw new Error(`The server did not start: ${log}`);
  return {
    url: JSON.parse(String(first[0])).url,
    pid: child.pid ?? 0,
    ended: () => ended,
    temporaryFiles: () => readdirSync(temporary, { recursive: true }).map(String),
    log: () => log,
    async stop() {
      child.kill('SIGTERM');
      const tooLong = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
      const how = await gone;
      clearTimeout(tooLong);
      rmSync(home, { recursive: true, force: true });
      return how;
    },
  };
}
