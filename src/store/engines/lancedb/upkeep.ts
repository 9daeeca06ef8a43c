import { startWorker, type Worker, workerModule } from '#runtime/worker/host.ts';
import type { MaintainRequest } from './worker.ts';

export interface UpkeepOptions {
  /** Commits of this handle after which a space is looked after; 0 for never by itself. */
  readonly everyCommits: number;
  /** Memory of the process that does it. */
  readonly maxRssBytes: number;
}

export interface Upkeep {
  /** Notes commits to a table, and starts the work in the background where it is time. */
  committed(table: string, rows: number): void;
  /** Does it now. */
  run(table: string, signal: AbortSignal): Promise<void>;
  /** The process at work, for those who watch. */
  readonly pid: number | undefined;
  close(): Promise<void>;
}

/** So many new rows count as much as many commits: they lie outside the index, where each costs time in every search. */
const ROWS_PER_COMMIT = 250;

/** Looks after the tables of a folder in a process of its own that is ended when it takes too much memory; one table at a time. */
export function upkeepOf(folder: string, { everyCommits, maxRssBytes }: UpkeepOptions): Upkeep {
  const due = new Map<string, number>();
  const running = new Map<string, Promise<void>>();
  let worker: Worker | undefined;
  let closed = false;

  async function maintained(table: string, signal?: AbortSignal): Promise<void> {
    due.set(table, 0);
    worker ??= startWorker(workerModule(import.meta.url), { name: 'store', idleMs: 10_000, niceness: 10 });
    const own = worker;
    const request: MaintainRequest = { folder, table, maxRssBytes };
    try {
      await own.call('maintain', request, signal);
    } catch (error) {
      // Whatever it still does, or holds in memory, ends here; the table is as its last commit left it.
      if (worker === own) worker = undefined;
      await own.close();
      throw error;
    }
  }

  return {
    get pid() {
      return worker?.pid;
    },
    committed(table, rows) {
      const so = (due.get(table) ?? 0) + Math.max(1, rows / ROWS_PER_COMMIT);
      due.set(table, so);
      if (closed || everyCommits === 0 || so < everyCommits || running.has(table)) return;
      // One that failed is tried again after as many commits; a search is right meanwhile, only slower.
      const work = maintained(table).catch(() => {});
      running.set(
        table,
        work.finally(() => running.delete(table)),
      );
    },
    run: (table, signal) => maintained(table, signal),
    async close() {
      closed = true;
      await worker?.close();
    },
  };
}
