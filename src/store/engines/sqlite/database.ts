import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { SensoriumError } from '#contract/error.ts';
import { Space, type StoredItem } from '#contract/vector-store.ts';
import { openSqlite, type SqliteDatabase } from '#runtime/sqlite.ts';
import { spaceMismatch } from '../../guarded.ts';
import { labelOf } from '../../label.ts';
import { sameSpace } from '../../space.ts';

/** The form of what is in the file, kept as SQLite's `user_version`. */
const LAYOUT = 1;
/** sqlite-vec 0.1.9 gives no more at once. */
export const MAX_NEAREST = 4_096;

/**
 * Opens the file, makes its tables where it is new. One writer at a time, readers beside it; what is committed is on disk. Throws
 * `store.unusable` for a file of a later version.
 */
export async function openDatabase(file: string): Promise<SqliteDatabase> {
  mkdirSync(dirname(file), { recursive: true });
  const db = await openSqlite(file);
  try {
    db.exec('PRAGMA busy_timeout = 20000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    const layout = Number(db.prepare('PRAGMA user_version').get([])?.user_version);
    if (layout > LAYOUT) throw tooNew(layout);
    if (layout < LAYOUT) {
      inOne(db, () => {
        db.exec('CREATE TABLE IF NOT EXISTS spaces (id TEXT PRIMARY KEY, description TEXT NOT NULL) STRICT');
        db.exec(`PRAGMA user_version = ${LAYOUT}`);
      });
    }
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function tooNew(layout: number): SensoriumError {
  return new SensoriumError(
    'store.unusable',
    `A later version wrote this vector store (layout ${layout}, known ${LAYOUT}).`,
    {
      hint: 'Install the newest version of sensorium, or name another folder.',
      details: { layout },
    },
  );
}

/** Runs `work` as one transaction that may write: all of it is done, or nothing. */
export function inOne<T>(db: SqliteDatabase, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // Some failures, as of a full disk, have ended it already.
    try {
      db.exec('ROLLBACK');
    } catch {}
    throw error;
  }
}

/** The tables of a space. `space` is an id, so letters, digits and low lines alone. */
export function tablesOf(space: string): { items: string; labels: string; vectors: string } {
  return { items: `items_${space}`, labels: `labels_${space}`, vectors: `vectors_${space}` };
}

/** Every space of the file. */
export function readSpaces(db: SqliteDatabase): Space[] {
  const rows = db.prepare('SELECT description FROM spaces ORDER BY id').all([]);
  return rows.map(({ description }) => Space.parse(JSON.parse(String(description))));
}

/** Makes a space, or finds it. Throws `store.space-mismatch` where another one has its id. */
export function openSpace(db: SqliteDatabase, space: Space): void {
  // Asked before anything is written, too: a disk that is full must not stop whoever only searches.
  if (isThere(db, space)) return;
  inOne(db, () => {
    if (isThere(db, space)) return;
    const { items, labels, vectors } = tablesOf(space.id);
    db.exec(`CREATE TABLE ${items} (rowid INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, tenant TEXT NOT NULL, store TEXT NOT NULL,
      file TEXT NOT NULL, modality TEXT NOT NULL, item TEXT NOT NULL) STRICT`);
    db.exec(`CREATE INDEX ${items}_owner ON ${items} (tenant, store, file)`);
    db.exec(
      `CREATE TABLE ${labels} (item INTEGER NOT NULL, key TEXT NOT NULL, label TEXT NOT NULL, number REAL) STRICT`,
    );
    db.exec(`CREATE INDEX ${labels}_item ON ${labels} (item)`);
    db.exec(`CREATE INDEX ${labels}_label ON ${labels} (label, item)`);
    db.exec(`CREATE INDEX ${labels}_number ON ${labels} (key, number, item)`);
    db.exec(`CREATE VIRTUAL TABLE ${vectors} USING vec0(vector float[${space.dimensions}] distance_metric=cosine)`);
    db.prepare('INSERT INTO spaces VALUES (?, ?)').run([space.id, JSON.stringify(space)]);
  });
}

function isThere(db: SqliteDatabase, space: Space): boolean {
  const there = readSpaces(db).find(({ id }) => id === space.id);
  if (there && !sameSpace(there, space)) throw spaceMismatch(there, space);
  return there !== undefined;
}

/** Adds items in place of those with their ids, in one transaction. */
export function putItems(
  db: SqliteDatabase,
  space: string,
  entries: readonly { readonly item: StoredItem; readonly vector: Float32Array }[],
): void {
  const { items, labels, vectors } = tablesOf(space);
  inOne(db, () => {
    const find = db.prepare(`SELECT rowid FROM ${items} WHERE id = ?`);
    const addItem = db.prepare(
      `INSERT INTO ${items} (id, tenant, store, file, modality, item) VALUES (?, ?, ?, ?, ?, ?)`,
    );
    const addVector = db.prepare(`INSERT INTO ${vectors} (rowid, vector) VALUES (?, ?)`);
    const addLabel = db.prepare(`INSERT INTO ${labels} VALUES (?, ?, ?, ?)`);
    for (const { item, vector } of entries) {
      const before = find.get([item.id]);
      if (before) removeRow(db, space, BigInt(before.rowid as number));
      const { id, tenant, store, file, modality } = item;
      const row = BigInt(addItem.run([id, tenant, store, file, modality, JSON.stringify(item)]).lastInsertRowid);
      addVector.run([row, Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)]);
      for (const [key, value] of Object.entries(item.attributes)) {
        addLabel.run([row, key, labelOf(key, value), typeof value === 'number' ? value : null]);
      }
    }
  });
}

/** Removes what is in a row of `items`. */
export function removeRow(db: SqliteDatabase, space: string, row: bigint): void {
  const { items, labels, vectors } = tablesOf(space);
  db.prepare(`DELETE FROM ${vectors} WHERE rowid = ?`).run([row]);
  db.prepare(`DELETE FROM ${labels} WHERE item = ?`).run([row]);
  db.prepare(`DELETE FROM ${items} WHERE rowid = ?`).run([row]);
}

/** Bytes of the file and of what waits beside it. */
export function sizeBytes(file: string): number {
  return [file, `${file}-wal`].reduce((sum, one) => sum + (statSync(one, { throwIfNoEntry: false })?.size ?? 0), 0);
}
