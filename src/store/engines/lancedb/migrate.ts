import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import type { LanceConnection, LancePackages } from '#runtime/lancedb.ts';
import { LAYOUT, makeFolders, readLayout, readSpaces, tableName, writeLayout } from './layout.ts';
import { itemOf, schemaOf, tableOf } from './rows.ts';

const ROWS_AT_ONCE = 2_000;

/**
 * Makes a new folder ready, or brings an older one to this layout: each table is copied in the new form, then the layout is written
 * down, then the old tables go. Whatever ends it in the middle, the old tables are still what counts and the copy is begun again. One process does
 * it while others wait. Throws `store.unusable` for a folder of a later version.
 */
export async function makeReady(folder: string, connection: LanceConnection, packages: LancePackages): Promise<void> {
  await makeFolders(folder);
  if ((await readLayout(folder)) === LAYOUT) return;
  const release = await lock(join(folder, 'spaces'), { retries: { retries: 600, minTimeout: 100, maxTimeout: 500 } });
  try {
    const from = await readLayout(folder);
    if (from !== null && from < LAYOUT) await copyAll(folder, from, connection, packages);
    if (from !== LAYOUT) await writeLayout(folder);
    if (from !== null && from < LAYOUT) await dropAll(folder, from);
  } finally {
    await release();
  }
}

async function copyAll(
  folder: string,
  from: number,
  connection: LanceConnection,
  packages: LancePackages,
): Promise<void> {
  const tables = new Set(await connection.tableNames());
  for (const { id, dimensions } of await readSpaces(folder)) {
    if (!tables.has(tableName(id, from))) continue;
    const old = await connection.openTable(tableName(id, from));
    const schema = schemaOf(packages, dimensions);
    const copy = await connection.createEmptyTable(tableName(id), schema, { mode: 'overwrite' });
    const total = await old.countRows();
    for (let at = 0; at < total; at += ROWS_AT_ONCE) {
      const rows = await old.query().offset(at).limit(ROWS_AT_ONCE).toArray();
      const entries = rows.map((row) => ({
        item: itemOf(row),
        vector: Float32Array.from(row.vector as Iterable<number>),
      }));
      await copy.add(tableOf(packages, schema, entries));
    }
    const arrived = await copy.countRows();
    if (arrived !== total) throw new Error(`${arrived} of ${total} items arrived in the new layout`);
    old.close();
    copy.close();
  }
}

async function dropAll(folder: string, from: number): Promise<void> {
  for (const { id } of await readSpaces(folder)) {
    await rm(join(folder, `${tableName(id, from)}.lance`), { recursive: true, force: true });
  }
}
