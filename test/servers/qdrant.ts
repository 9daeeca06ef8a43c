import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type Running } from '../../bench/gateway/processes.ts';
import { startServer } from './judge.ts';

export const QDRANT_EDGE_KEY = 'key-of-the-store';

/** Qdrant’s own engine behind the part of its REST API that is used, on the loopback interface. */
export interface QdrantEdge {
  /** Another one after a restart. */
  readonly url: string;
  crash(): Promise<void>;
  /** On the same files. */
  restart(): Promise<void>;
  end(): Promise<void>;
}

export async function startQdrantEdge(python: string): Promise<QdrantEdge> {
  const folder = mkdtempSync(join(tmpdir(), 'sensorium-qdrant-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const program = new URL('qdrant_edge_server.py', import.meta.url).pathname;
  let running: Running;
  let url = '';
  async function start(): Promise<void> {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    running = await startServer(python, [program, `${port}`, folder, QDRANT_EDGE_KEY], url);
  }
  try {
    await start();
  } catch (error) {
    remove();
    throw error;
  }
  return {
    get url() {
      return url;
    },
    crash: () => running.end(),
    restart: start,
    end: () => running.end().finally(remove),
  };
}
