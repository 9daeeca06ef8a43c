import type { Found, StoredItem, VectorQuery, VectorStore, Which } from '#contract/vector-store.ts';
import type { PoolClient } from '#runtime/postgres.ts';
import { guarded } from '../../guarded.ts';
import { asCosine, fromText, toText } from '../remote/item.ts';
import { mustBePrefix, storable } from '../remote/names.ts';
import { openSessions, type SessionOptions } from './session.ts';
import { findTable, makeTable, prepareSchema, readSpaces, type Table } from './tables.ts';
import { vectorText } from './text.ts';
import { Values, whereOf } from './where.ts';

export interface PgvectorOptions extends SessionOptions {
  /** The schema everything is kept in; `sensorium` where it is left out. */
  readonly schema?: string | undefined;
  /** From how many items on `optimize` makes an index; 20,000 where it is left out. Below, a scan is fast and finds everything. */
  readonly indexFrom?: number | undefined;
}

const ROWS_AT_ONCE = 500;
/** How many candidates an index keeps in sight: recall before speed. pgvector's own default is 40, its most 1,000. */
const LEAST_IN_SIGHT = 100;
const MOST_IN_SIGHT = 1_000;

/**
 * A vector store in PostgreSQL with pgvector 0.8 or newer: one schema, one table for each space. Nothing is done on the server
 * until the first call. Vectors beyond 2,000 numbers are kept as 16-bit floats, beyond 4,000 refused.
 */
export async function openPgvector(options: PgvectorOptions): Promise<VectorStore> {
  const schema = mustBePrefix(options.schema ?? 'sensorium');
  const indexFrom = options.indexFrom ?? 20_000;
  const sessions = await openSessions(options);
  const tables = new Map<string, Table>();
  let prepared: Promise<void> | null = null;

  /** Once, for whoever comes first; again where that failed. */
  async function ready(signal: AbortSignal): Promise<void> {
    prepared ??= prepareSchema(sessions, schema, signal).catch((error: unknown) => {
      prepared = null;
      throw error;
    });
    await prepared;
  }

  async function tableFor(space: string, signal: AbortSignal): Promise<Table> {
    await ready(signal);
    const table = tables.get(space) ?? (await findTable(sessions, schema, space, signal));
    tables.set(space, table);
    return table;
  }

  return guarded({
    id: 'pgvector',

    async open(space, signal) {
      await ready(signal);
      tables.set(space.id, await makeTable(sessions, schema, space, signal));
    },

    async spaces(signal) {
      await ready(signal);
      return readSpaces(sessions, schema, signal);
    },

    async put(space, items, signal) {
      const table = await tableFor(space, signal);
      // In one order everywhere, so that two writers cannot wait for each other.
      const rows = [...items].sort((a, b) => (a.item.id < b.item.id ? -1 : 1));
      await sessions.transaction(signal, async (client) => {
        for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
          await insert(client, table, rows.slice(at, at + ROWS_AT_ONCE));
        }
      });
    },

    async remove(space, which, signal) {
      const table = await tableFor(space, signal);
      const values = new Values();
      const where = whereOf(which, values);
      return sessions.transaction(signal, async (client) => {
        const { rowCount } = await client.query(`delete from ${table.name} where ${where}`, values.list);
        return rowCount ?? 0;
      });
    },

    async search(space, query, signal) {
      const table = await tableFor(space, signal);
      if (query.exact) return sessions.transaction(signal, (client) => scan(client, table, query));
      const inSight = Math.max(LEAST_IN_SIGHT, Math.min(MOST_IN_SIGHT, 2 * query.limit));
      return sessions.transaction(
        signal,
        async (client) => {
          if (!(await isIndexed(client, table))) return scan(client, table, query);
          const hits = await nearest(client, table, query, 'distance');
          // The index gives up after a while where little counts; a scan of that little is quick.
          return hits.length < query.limit ? scan(client, table, query) : { hits, way: 'index' };
        },
        [`hnsw.iterative_scan = strict_order`, `hnsw.ef_search = ${inSight}`],
      );
    },

    async count(space, which, signal) {
      const table = await tableFor(space, signal);
      return sessions.transaction(signal, (client) => countIn(client, table, which));
    },

    async stats(space, signal) {
      const table = await tableFor(space, signal);
      return sessions.transaction(signal, async (client) => {
        const { rows } = await client.query(
          `select (select count(*) from ${table.name})::float8 as items, pg_total_relation_size($1::regclass)::float8 as size`,
          [table.name],
        );
        const items = Number(rows[0]?.items);
        const unindexed = (await isIndexed(client, table)) ? 0 : items;
        return { items, unindexed, fragments: null, sizeBytes: Number(rows[0]?.size) };
      });
    },

    async optimize(space, signal) {
      const table = await tableFor(space, signal);
      await sessions.long(signal, `vacuum analyze ${table.name}`);
      const state = await sessions.transaction(signal, async (client) => {
        const { rows } = await client.query(`select count(*)::float8 as items from ${table.name}`);
        return { items: Number(rows[0]?.items), indexes: await indexesOf(client, table) };
      });
      // What an interrupted optimize left behind is in the way and answers nothing.
      for (const { name, usable } of state.indexes) {
        if (!usable) await sessions.long(signal, `drop index concurrently if exists ${name}`);
      }
      if (state.items < indexFrom || state.indexes.some(({ usable }) => usable)) return;
      await sessions.long(signal, `create index concurrently on ${table.name} using hnsw (vector ${table.operators})`);
    },

    close: () => sessions.close(),
  });
}

async function insert(
  client: PoolClient,
  { name, type }: Table,
  rows: readonly { readonly item: StoredItem; readonly vector: Float32Array }[],
): Promise<void> {
  const column = (read: (item: StoredItem) => string) => rows.map(({ item }) => read(item));
  await client.query(
    `insert into ${name} (id, tenant, store, file, modality, attributes, item, vector)
     select id, tenant, store, file, modality, attributes::jsonb, item, vector::${type}
     from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
       as given (id, tenant, store, file, modality, attributes, item, vector)
     on conflict (id) do update set tenant = excluded.tenant, store = excluded.store, file = excluded.file,
       modality = excluded.modality, attributes = excluded.attributes, item = excluded.item, vector = excluded.vector`,
    [
      column(({ id }) => storable(id)),
      column(({ tenant }) => storable(tenant)),
      column(({ store }) => storable(store)),
      column(({ file }) => storable(file)),
      column(({ modality }) => modality),
      column(({ attributes }) => JSON.stringify(storableAttributes(attributes))),
      column(toText),
      rows.map(({ vector }) => vectorText(vector)),
    ],
  );
}

function storableAttributes(attributes: StoredItem['attributes']): StoredItem['attributes'] {
  const entries = Object.entries(attributes);
  return Object.fromEntries(
    entries.map(([key, value]) => [storable(key), typeof value === 'string' ? storable(value) : value]),
  );
}

/** Compares all that count. The way to switch an index off that pgvector's README names. */
async function scan(client: PoolClient, table: Table, query: VectorQuery): Promise<Found> {
  await client.query('set local enable_indexscan = off');
  return { hits: await nearest(client, table, query, 'distance, id'), way: 'scan' };
}

async function nearest(client: PoolClient, { name, type }: Table, query: VectorQuery, order: string) {
  const values = new Values();
  const asked = `${values.add(vectorText(query.vector))}::${type}`;
  const where = whereOf(query.which, values);
  const limit = values.add(query.limit);
  const { rows } = await client.query(
    `select item, vector <=> ${asked} as distance from ${name} where ${where} order by ${order} limit ${limit}`,
    values.list,
  );
  return rows.map((row) => ({ item: fromText(row.item), similarity: asCosine(1 - row.distance) }));
}

async function countIn(client: PoolClient, { name }: Table, which: Which): Promise<number> {
  const values = new Values();
  const where = whereOf(which, values);
  const { rows } = await client.query(`select count(*)::float8 as items from ${name} where ${where}`, values.list);
  return Number(rows[0]?.items);
}

async function indexesOf(client: PoolClient, { name }: Table): Promise<{ name: string; usable: boolean }[]> {
  const { rows } = await client.query(
    `select i.indexrelid::regclass::text as name, i.indisvalid as usable
     from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am a on a.oid = c.relam
     where i.indrelid = $1::regclass and a.amname = 'hnsw'`,
    [name],
  );
  return rows.map((row) => ({ name: String(row.name), usable: row.usable === true }));
}

async function isIndexed(client: PoolClient, table: Table): Promise<boolean> {
  return (await indexesOf(client, table)).some(({ usable }) => usable);
}
