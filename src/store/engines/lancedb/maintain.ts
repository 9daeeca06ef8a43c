import type { LancePackages, LanceTable } from '#runtime/lancedb.ts';
import { isConflict } from '../../failures.ts';
import { needsIndex, partitionsFor } from './planner.ts';

/** Readers of an older version have this long to finish. */
const KEEP_VERSIONS_MS = 10 * 60_000;
const TRIES = 5;
/** The partitions of the index are part of its name, for whoever plans a search. */
const INDEX_NAME = /^vector_(\d+)$/;

/** How many partitions the index of a space has, 0 where it has none. */
export async function partitionsOf(table: LanceTable): Promise<number> {
  const counts = (await table.listIndices()).map(({ name }) => Number(INDEX_NAME.exec(name)?.[1] ?? 0));
  return Math.max(0, ...counts);
}

/**
 * Brings a table up to date: joins small files, removes old versions, adds new rows to its indexes, and makes those it needs. Each
 * step is a commit of its own, so one that is killed leaves the table as it was before that step.
 */
export async function maintain(
  table: LanceTable,
  { lance }: LancePackages,
  metric: 'cosine' = 'cosine',
): Promise<void> {
  await again(async () => {
    await table.optimize({ cleanupOlderThan: new Date(Date.now() - KEEP_VERSIONS_MS) });
  });
  const rows = await table.countRows();
  const before = await partitionsOf(table);
  if (!needsIndex(rows, before)) return;
  const { Index } = lance;
  const columns = { id: Index.btree(), tenant: Index.bitmap(), store: Index.bitmap(), file: Index.btree() };
  const all = { ...columns, modality: Index.bitmap(), labels: Index.labelList() };
  const there = new Set((await table.listIndices()).flatMap(({ columns: indexed }) => indexed));
  for (const [column, config] of Object.entries(all)) {
    if (!there.has(column)) await again(() => table.createIndex(column, { config }));
  }
  const numPartitions = partitionsFor(rows);
  const config = Index.ivfFlat({ distanceType: metric, numPartitions });
  await again(() => table.createIndex('vector', { config, name: `vector_${numPartitions}` }));
  if (before > 0 && before !== numPartitions) await again(() => table.dropIndex(`vector_${before}`));
}

/** Others write meanwhile, and the slower one has to begin again. */
async function again(step: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await step();
      return;
    } catch (error) {
      if (tries >= TRIES || !isConflict(error)) throw error;
    }
  }
}
