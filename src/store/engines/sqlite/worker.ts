import type { Hit, Space, SpaceStats, StoredItem, VectorQuery, Which } from '#contract/vector-store.ts';
import type { SqliteDatabase } from '#runtime/sqlite.ts';
import { serve } from '#runtime/worker/serve.ts';
import { storeFailure } from '../../failures.ts';
import {
  inOne,
  MAX_NEAREST,
  openDatabase,
  openSpace,
  putItems,
  readSpaces,
  removeRow,
  sizeBytes,
  tablesOf,
} from './database.ts';
import { conditionOf } from './where.ts';

/** Every call names the file: a process that was replaced knows nothing of what the one before had open. */
export interface SqliteCall<T> {
  readonly file: string;
  readonly argument: T;
}

let open: { readonly file: string; readonly db: Promise<SqliteDatabase> } | undefined;

function databaseOf(file: string): Promise<SqliteDatabase> {
  if (open?.file === file) return open.db;
  const db = openDatabase(file);
  open = { file, db };
  db.catch(() => {
    open = undefined;
  });
  return db;
}

/** A method of this process: with the file open, its errors told as the store's. */
function method<T, R>(work: (db: SqliteDatabase, argument: T, file: string) => R) {
  return async ({ file, argument }: SqliteCall<T>): Promise<R> => {
    try {
      return work(await databaseOf(file), argument, file);
    } catch (error) {
      throw storeFailure(error, file);
    }
  };
}

serve({
  open: method((db, space: Space) => openSpace(db, space)),
  spaces: method((db) => readSpaces(db)),
  put: method((db, { space, items }: { space: string; items: { item: StoredItem; vector: Float32Array }[] }) =>
    putItems(db, space, items),
  ),
  remove: method(remove),
  search: method(search),
  count: method((db, { space, which }: { space: string; which: Which }) => {
    const { items, labels } = tablesOf(space);
    const { sql, values } = conditionOf(which, labels);
    return Number(db.prepare(`SELECT count(*) AS n FROM ${items} WHERE ${sql}`).get(values)?.n);
  }),
  stats: method((db, space: string, file): SpaceStats => {
    const items = Number(db.prepare(`SELECT count(*) AS n FROM ${tablesOf(space).items}`).get([])?.n);
    return { items, unindexed: null, fragments: null, sizeBytes: sizeBytes(file) };
  }),
  optimize: method((db) => db.exec('PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)')),
});

function remove(db: SqliteDatabase, { space, which }: { space: string; which: Which }): number {
  const { items, labels } = tablesOf(space);
  const { sql, values } = conditionOf(which, labels);
  return inOne(db, () => {
    const rows = db.prepare(`SELECT rowid FROM ${items} WHERE ${sql}`).all(values);
    for (const { rowid } of rows) removeRow(db, space, BigInt(rowid as number));
    return rows.length;
  });
}

function search(db: SqliteDatabase, { space, query }: { space: string; query: VectorQuery }): Hit[] {
  const { items, labels, vectors } = tablesOf(space);
  const { sql, values } = conditionOf(query.which, labels);
  const { vector } = query;
  const asked = Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);
  const nearest = `SELECT rowid, distance FROM ${vectors} WHERE vector MATCH ? AND k = ${Math.min(query.limit, MAX_NEAREST)}
    AND rowid IN (SELECT rowid FROM ${items} WHERE ${sql})`;
  const rows = db
    .prepare(`SELECT item, distance FROM (${nearest}) JOIN ${items} USING (rowid)`)
    .all([asked, ...values]);
  return rows.map(({ item, distance }) => ({
    item: JSON.parse(String(item)) as StoredItem,
    similarity: 1 - Number(distance),
  }));
}
