import { resolve } from 'node:path';
import { LRUCache } from 'lru-cache';
import { SensoriumError } from '#contract/error.ts';
import type { Hit, Space, StoredItem, VectorQuery, VectorStore } from '#contract/vector-store.ts';
import { type LanceTable, loadLancedb } from '#runtime/lancedb.ts';
import { isConflict, storeFailure } from '../../failures.ts';
import { guarded } from '../../guarded.ts';
import { readSpaces, tableName, writeSpace } from './layout.ts';
import { partitionsOf } from './maintain.ts';
import { makeReady } from './migrate.ts';
import { planSearch } from './planner.ts';
import { ITEM_COLUMNS, itemOf, schemaOf, tableOf } from './rows.ts';
import { conditionOf } from './sql.ts';
import { together } from './together.ts';
import { type UpkeepOptions, upkeepOf } from './upkeep.ts';

export interface LancedbOptions {
  /** Made when it is not there. */
  readonly folder: string;
  /** Commits after which files and indexes are brought up to date by themselves, 64 where nothing is said; 0 for never. */
  readonly everyCommits?: number | undefined;
  /** Memory of the process that does it, 2 GiB where nothing is said. */
  readonly maxRssBytes?: number | undefined;
}

const DEFAULTS: UpkeepOptions = { everyCommits: 64, maxRssBytes: 2 * 2 ** 30 };
/** In one commit: making rows of them holds this process up, some 12 ms for a thousand of 384 dimensions. */
const MOST_IN_ONE_COMMIT = 2_500;
const TRIES = 8;
/** Another process may make or replace an index; for so long the planner may not know. */
const INDEX_KNOWN_MS = 1_000;
/** Counting what a filter leaves takes a third of a search, and only chooses the way: ten seconds old is good enough. */
const COUNT_KNOWN_MS = 10_000;
const MOST_COUNTED = 256;

interface OpenTable {
  readonly table: LanceTable;
  put(entries: readonly Entry[]): Promise<void>;
  partitions(): Promise<number>;
  /** How many rows there are and how many count, as it was not long ago: enough to plan by. */
  counts(condition: string): Promise<Counts>;
}

interface Counts {
  readonly rows: number;
  readonly matches: number;
}

interface Entry {
  readonly item: StoredItem;
  readonly vector: Float32Array;
}

/** Vectors in a folder on this machine: LanceDB, one table a space. Several processes may use one folder. */
export async function openLancedb(options: LancedbOptions): Promise<VectorStore> {
  const folder = resolve(options.folder);
  const packages = await loadLancedb();
  const { lance } = packages;
  const told = <T>(work: () => Promise<T>): Promise<T> =>
    work().catch((error: unknown) => {
      throw storeFailure(error, folder);
    });
  const connection = await told(async () => {
    // Every read looks for what others committed: under a millisecond, and no handle is ever behind.
    const opened = await lance.connect(folder, { readConsistencyInterval: 0 });
    await makeReady(folder, opened, packages);
    return opened;
  });
  const upkeep = upkeepOf(folder, {
    everyCommits: options.everyCommits ?? DEFAULTS.everyCommits,
    maxRssBytes: options.maxRssBytes ?? DEFAULTS.maxRssBytes,
  });
  const tables = new Map<string, Promise<OpenTable>>();

  function spaceTable(id: string): Promise<OpenTable> {
    const known = tables.get(id);
    if (known !== undefined) return known;
    const opening = opened(id);
    tables.set(id, opening);
    opening.catch(() => tables.delete(id));
    return opening;
  }

  async function opened(id: string): Promise<OpenTable> {
    const space = (await readSpaces(folder)).find((one) => one.id === id);
    if (!space)
      throw new SensoriumError('store.unknown', 'There is no such space of vectors.', { details: { space: id } });
    const schema = schemaOf(packages, space.dimensions);
    // A process that ended between writing down a space and making its table left this to the next one.
    const table = await retried(() => connection.createEmptyTable(tableName(id), schema, { existOk: true }));
    let asked = { atMs: Number.NEGATIVE_INFINITY, partitions: Promise.resolve(0) };
    const counted = new LRUCache<string, Promise<Counts>>({ max: MOST_COUNTED, ttl: COUNT_KNOWN_MS });
    return {
      table,
      put: together(async (entries: readonly Entry[]) => {
        // Several callers may have put one id: the last one counts.
        const last = new Map(entries.map((entry) => [entry.item.id, entry]));
        const rows = tableOf(packages, schema, [...last.values()]);
        await retried(() => table.mergeInsert('id').whenMatchedUpdateAll().whenNotMatchedInsertAll().execute(rows));
        upkeep.committed(tableName(id), entries.length);
      }, MOST_IN_ONE_COMMIT),
      partitions() {
        if (performance.now() - asked.atMs > INDEX_KNOWN_MS)
          asked = { atMs: performance.now(), partitions: partitionsOf(table) };
        return asked.partitions;
      },
      counts(condition) {
        const known = counted.get(condition);
        if (known) return known;
        const counting = Promise.all([table.countRows(), table.countRows(condition)]).then(([rows, matches]) => ({
          rows,
          matches,
        }));
        counted.set(condition, counting);
        counting.catch(() => counted.delete(condition));
        return counting;
      },
    };
  }

  async function search(id: string, { vector, limit, which, exact }: VectorQuery) {
    const { table, partitions, counts } = await spaceTable(id);
    const condition = conditionOf(which);
    const plan = exact ? ({ way: 'scan' } as const) : await planned(counts, await partitions(), condition, limit);
    const asked = table.query().nearestTo(vector).distanceType('cosine').limit(limit).where(condition);
    if (plan.way === 'scan') asked.bypassVectorIndex();
    else if (plan.probes === null) asked.maximumNprobes(0).minimumNprobes(await partitions());
    else asked.nprobes(plan.probes);
    const rows = await asked.select([...ITEM_COLUMNS, '_distance']).toArray();
    const hits = rows.map((row): Hit => ({ item: itemOf(row), similarity: 1 - (row._distance as number) }));
    return { hits, way: plan.way };
  }

  return guarded({
    id: 'lancedb',
    open: (space: Space) =>
      told(async () => {
        await writeSpace(folder, space);
        await spaceTable(space.id);
      }),
    spaces: () => told(() => readSpaces(folder)),
    put: (id, entries) =>
      told(async () => {
        const { put } = await spaceTable(id);
        for (let at = 0; at < entries.length; at += MOST_IN_ONE_COMMIT)
          await put(entries.slice(at, at + MOST_IN_ONE_COMMIT));
      }),
    remove: (id, which) =>
      told(async () => {
        const { table } = await spaceTable(id);
        const { numDeletedRows } = await retried(() => table.delete(conditionOf(which)));
        upkeep.committed(tableName(id), 0);
        return numDeletedRows;
      }),
    search: (id, query) => told(() => search(id, query)),
    count: (id, which) => told(async () => (await spaceTable(id)).table.countRows(conditionOf(which))),
    stats: (id) =>
      told(async () => {
        const { table } = await spaceTable(id);
        const [{ numRows, totalBytes, fragmentStats }, partitions] = await Promise.all([
          table.stats(),
          partitionsOf(table),
        ]);
        const index = partitions > 0 ? await table.indexStats(`vector_${partitions}`) : undefined;
        return {
          items: numRows,
          unindexed: index?.numUnindexedRows ?? numRows,
          fragments: fragmentStats.numFragments,
          sizeBytes: totalBytes,
        };
      }),
    optimize: (id, signal) =>
      told(async () => {
        await spaceTable(id);
        await upkeep.run(tableName(id), signal);
      }),
    async close() {
      await upkeep.close();
      const open = await Promise.allSettled(tables.values());
      for (const one of open) if (one.status === 'fulfilled') one.value.table.close();
      connection.close();
    },
  });
}

async function planned(counts: OpenTable['counts'], partitions: number, condition: string, limit: number) {
  if (partitions === 0) return planSearch({ rows: 0, matches: 0, partitions, limit });
  return planSearch({ ...(await counts(condition)), partitions, limit });
}

/** Others write the same table; whoever is later begins again, a little later each time. */
async function retried<T>(step: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await step();
    } catch (error) {
      if (tries >= TRIES || !isConflict(error)) throw error;
      await new Promise((later) => setTimeout(later, 5 * 2 ** tries * Math.random()));
    }
  }
}
