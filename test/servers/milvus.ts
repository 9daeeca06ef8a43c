import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, type Running, startCommand } from '../../bench/gateway/processes.ts';

const START_LIMIT_MS = 60_000;

/** A Milvus Lite of our own, over gRPC on the loopback interface. */
export interface MilvusLite {
  readonly url: string;
  crash(): Promise<void>;
  /** On the same files and the same port. */
  restart(): Promise<void>;
  freeze(still: boolean): void;
  end(): Promise<void>;
}

export async function startMilvusLite(python: string): Promise<MilvusLite> {
  const folder = mkdtempSync(join(tmpdir(), 'sensorium-milvus-'));
  const port = await freePort();
  let running: Running;
  async function start(): Promise<void> {
    const program = join(dirname(python), 'milvus-lite');
    running = startCommand(program, ['server', '--data-dir', folder, '--host', '127.0.0.1', '--port', `${port}`]);
    const giveUpAt = performance.now() + START_LIMIT_MS;
    while (!(await isListening(port))) {
      if (running.ended() || performance.now() > giveUpAt)
        throw new Error(`Milvus Lite did not start: ${running.output()}`);
      await sleep(100);
    }
  }
  async function end(): Promise<void> {
    await running.end();
    rmSync(folder, { recursive: true, force: true });
  }
  try {
    await start();
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    url: `http://127.0.0.1:${port}`,
    crash: () => running.end(),
    restart: start,
    freeze: (still) => void process.kill(-running.pid, still ? 'SIGSTOP' : 'SIGCONT'),
    end,
  };
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
