import { setInterval } from 'node:timers';
import { SensoriumError } from '#contract/error.ts';
import { loadLancedb } from '#runtime/lancedb.ts';
import { serve } from '#runtime/worker/serve.ts';
import { storeFailure } from '../../failures.ts';
import { maintain } from './maintain.ts';

/** What the maintenance process is asked for. */
export interface MaintainRequest {
  readonly folder: string;
  readonly table: string;
  readonly maxRssBytes: number;
}

const LOOK_EVERY_MS = 50;

serve({ maintain: ({ folder, table, maxRssBytes }: MaintainRequest) => maintained(folder, table, maxRssBytes) });

async function maintained(folder: string, name: string, maxRssBytes: number): Promise<void> {
  const cap = capped(maxRssBytes);
  try {
    await Promise.race([work(folder, name), cap.reached]);
  } catch (error) {
    throw storeFailure(error, folder);
  } finally {
    cap.stop();
  }
}

async function work(folder: string, name: string): Promise<void> {
  const packages = await loadLancedb();
  const connection = await packages.lance.connect(folder);
  const table = await connection.openTable(name);
  await maintain(table, packages);
  table.close();
}

/** The work runs in threads of its own, so this process can watch itself. Who asked ends it when it is told. */
function capped(maxRssBytes: number): { reached: Promise<never>; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  const reached = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      const rssBytes = process.memoryUsage.rss();
      if (rssBytes <= maxRssBytes) return;
      reject(
        new SensoriumError('store.unusable', 'Looking after the vector store took more memory than it may.', {
          hint: 'Nothing is lost, and searching goes on. Allow it more memory, or optimise when more is free.',
          details: { rssBytes, maxRssBytes },
        }),
      );
    }, LOOK_EVERY_MS);
  });
  return { reached, stop: () => clearInterval(timer) };
}
