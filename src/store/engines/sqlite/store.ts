import { join, resolve } from 'node:path';
import type { Hit, Space, SpaceStats, VectorStore } from '#contract/vector-store.ts';
import { startWorker, workerModule } from '#runtime/worker/host.ts';
import { guarded } from '../../guarded.ts';

export interface SqliteOptions {
  /** Holds the one file; made when it is not there. */
  readonly folder: string;
}

/** Sent to the process at once: some 3 MB of vectors of 768 dimensions, so that a search never waits long. */
const ITEMS_PER_CALL = 1_000;

/**
 * Vectors in one SQLite file with sqlite-vec: every item that counts is compared, by a process of its own, since SQLite's calls block.
 * Several processes may use one file. A `put` of more than a thousand items is kept a thousand at a time.
 */
export async function openSqliteStore({ folder }: SqliteOptions): Promise<VectorStore> {
  const file = join(resolve(folder), 'vectors.db');
  const worker = startWorker(workerModule(import.meta.url), { name: 'store-sqlite', niceness: 1, maxWaiting: 255 });
  const call = <T>(method: string, argument: unknown, signal: AbortSignal, begun = false) =>
    worker.call<T>(method, { file, argument }, signal, { begun });
  try {
    await call('spaces', null, new AbortController().signal);
  } catch (error) {
    await worker.close();
    throw error;
  }
  return guarded({
    id: 'sqlite',
    open: (space, signal) => call('open', space, signal),
    spaces: (signal) => call<Space[]>('spaces', null, signal),
    async put(space, items, signal) {
      for (let at = 0; at < items.length; at += ITEMS_PER_CALL) {
        await call('put', { space, items: items.slice(at, at + ITEMS_PER_CALL) }, signal, at > 0);
      }
    },
    remove: (space, which, signal) => call<number>('remove', { space, which }, signal),
    search: async (space, query, signal) => ({
      hits: await call<Hit[]>('search', { space, query }, signal),
      way: 'scan',
    }),
    count: (space, which, signal) => call<number>('count', { space, which }, signal),
    stats: (space, signal) => call<SpaceStats>('stats', space, signal),
    optimize: (space, signal) => call('optimize', space, signal),
    close: () => worker.close(),
  });
}
