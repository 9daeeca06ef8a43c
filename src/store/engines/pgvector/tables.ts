import { Space } from '#contract/vector-store.ts';
import type { PoolClient } from '#runtime/postgres.ts';
import { spaceMismatch } from '../../guarded.ts';
import { sameSpace } from '../../space.ts';
import { unknownSpace, unusable } from '../remote/errors.ts';
import { hashed } from '../remote/names.ts';
import type { Sessions } from './session.ts';

/** HNSW takes `vector` up to 2,000 dimensions and `halfvec` up to 4,000 (pgvector 0.8, README, "Why can't I create an index…"). */
const MOST_FLOATS = 2_000;
const MOST_HALVES = 4_000;
/** Iterative index scans came with it: without them a filter leaves holes in what an index finds. */
const OLDEST = [0, 8, 0] as const;
/** Two processes that come at once must not make the same thing twice. Any number; ours alone. */
const LOCK = 7_316_214;
const VERSION = 1;

/** A space with the table its items are in. */
export interface Table {
  readonly space: Space;
  /** Quoted, with its schema. */
  readonly name: string;
  /** How its vectors are kept: `vector(384)`, `halfvec(3072)`. */
  readonly type: string;
  /** What the index compares them with. */
  readonly operators: string;
}

/** The table of a space. Throws `store.unusable` where its vectors are longer than an index can take. */
function tableOf(space: Space, schema: string, where: string): Table {
  const { id, dimensions } = space;
  if (dimensions > MOST_HALVES) {
    throw unusable(
      where,
      `${space.embedder} makes vectors of ${dimensions} numbers, and pgvector indexes at most ${MOST_HALVES}`,
      'Let the embedder make shorter vectors where it can (Matryoshka), or keep this space in LanceDB, Qdrant or Milvus.',
    );
  }
  const kind = dimensions > MOST_FLOATS ? 'halfvec' : 'vector';
  // PostgreSQL cuts names at 63 bytes, and two cut names may be one.
  const name = id.length <= 50 ? `items_${id}` : `items_${hashed(id)}`;
  return { space, name: `"${schema}"."${name}"`, type: `${kind}(${dimensions})`, operators: `${kind}_cosine_ops` };
}

/** Makes what all spaces share, or brings it up to date. Throws `store.unusable` with what to do on the server. */
export async function prepareSchema(sessions: Sessions, schema: string, signal: AbortSignal): Promise<void> {
  const { where } = sessions;
  await sessions.transaction(signal, async (client) => {
    await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
    await mustHaveExtension(client, where);
    const known = await client.query('select to_regclass($1) as there', [`"${schema}".about`]);
    if (known.rows[0]?.there === null) {
      await client.query(`create schema if not exists "${schema}"`);
      await client.query(`create table "${schema}".about (version int not null)`);
      await client.query(`insert into "${schema}".about values (${VERSION})`);
      await client.query(`create table "${schema}".spaces (id text primary key, space jsonb not null)`);
      return;
    }
    const { rows } = await client.query(`select version from "${schema}".about`);
    const version = Number(rows[0]?.version ?? 0);
    if (version === VERSION) return;
    throw unusable(
      where,
      `its tables are of version ${version}, and this Sensorium knows version ${VERSION}`,
      'Use the newer Sensorium everywhere, or another schema.',
    );
  });
}

async function mustHaveExtension(client: PoolClient, where: string): Promise<void> {
  const installed = async () => {
    const { rows } = await client.query(`select extversion from pg_extension where extname = 'vector'`);
    return rows[0]?.extversion as string | undefined;
  };
  if ((await installed()) === undefined) {
    const hint = 'Let an administrator install pgvector and run CREATE EXTENSION vector; in this database.';
    const { rows } = await client.query(`select 1 from pg_available_extensions where name = 'vector'`);
    if (rows.length === 0) throw unusable(where, 'PostgreSQL has no pgvector there', hint);
    await client.query('create extension if not exists vector').catch((error: unknown) => {
      throw unusable(where, 'the user may not create the extension pgvector', hint, error);
    });
  }
  const version = (await installed()) ?? '0';
  const parts = version.split('.').map(Number);
  const place = OLDEST.findIndex((part, at) => (parts[at] ?? 0) !== part);
  if (place === -1 || (parts[place] ?? 0) > (OLDEST[place] ?? 0)) return;
  throw unusable(
    where,
    `its pgvector is ${version}, and ${OLDEST.join('.')} is the oldest that can be used`,
    'Install a newer pgvector and run ALTER EXTENSION vector UPDATE;',
  );
}

/** Makes the table of a space, or finds it. Throws `store.space-mismatch`. */
export async function makeTable(sessions: Sessions, schema: string, space: Space, signal: AbortSignal): Promise<Table> {
  const table = tableOf(space, schema, sessions.where);
  await sessions.transaction(signal, async (client) => {
    await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
    const { rows } = await client.query(`select space from "${schema}".spaces where id = $1`, [space.id]);
    const there = rows[0] ? Space.parse(rows[0].space) : null;
    if (there && !sameSpace(there, space)) throw spaceMismatch(there, space);
    if (there) return;
    await client.query(
      `create table ${table.name} (
         id text collate "C" primary key, tenant text not null, store text not null, file text not null,
         modality text not null, attributes jsonb not null, item text not null, vector ${table.type} not null)`,
    );
    await client.query(`create index on ${table.name} (tenant, store, file)`);
    await client.query(`create index on ${table.name} using gin (attributes jsonb_path_ops)`);
    await client.query(`insert into "${schema}".spaces values ($1, $2)`, [space.id, JSON.stringify(space)]);
  });
  return table;
}

/** The spaces there are. */
export function readSpaces(sessions: Sessions, schema: string, signal: AbortSignal): Promise<readonly Space[]> {
  return sessions.transaction(signal, async (client) => {
    const { rows } = await client.query(`select space from "${schema}".spaces order by id`);
    return rows.map((row) => Space.parse(row.space));
  });
}

/** The table of a space that was opened some time, by whomever. Throws `store.unknown`. */
export async function findTable(sessions: Sessions, schema: string, id: string, signal: AbortSignal): Promise<Table> {
  const space = (await readSpaces(sessions, schema, signal)).find((one) => one.id === id);
  if (!space) throw unknownSpace(id);
  return tableOf(space, schema, sessions.where);
}
