import { setTimeout as sleep } from 'node:timers/promises';
import { Space } from '#contract/vector-store.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import type { MilvusClient } from '#runtime/milvus.ts';
import { spaceMismatch } from '../../guarded.ts';
import { sameSpace } from '../../space.ts';
import { unusable } from '../remote/errors.ts';
import { accepted, MilvusRefusal } from './errors.ts';

/** `array_contains` over an array of text, partition keys, Strong reads and upserts together (release notes of Milvus 2.5). */
const OLDEST = [2, 5] as const;
/** What a VarChar may be at most, in bytes. */
export const MOST_TEXT_BYTES = 65_535;
const MOST_ATTRIBUTES = 1_024;
const HASH_CHARS = 32;

/** Refuses a server that is too old. Throws `store.unusable`. Milvus Lite has numbers of its own. */
export async function mustBeNewEnough(client: MilvusClient, where: string): Promise<void> {
  const { version } = accepted(await client.getVersion(), 'GetVersion') as unknown as { version?: unknown };
  const said = String(version ?? '').slice(0, 40);
  if (said.startsWith('milvus_lite')) return;
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(said) ?? [];
  if (Number(major) > OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) >= OLDEST[1])) return;
  throw unusable(
    where,
    `its Milvus is ${said || 'of an unknown version'}, and ${OLDEST.join('.')} is the oldest that can be used`,
    'Update Milvus.',
  );
}

/** Makes a collection unless it is there, gives it its index and loads it. */
async function make(client: MilvusClient, name: string, fields: object[], metric: string): Promise<void> {
  if (await exists(client, name)) return complete(client, name, metric);
  try {
    const wanted = { collection_name: name, fields, consistency_level: 'Strong', enable_dynamic_field: false };
    accepted(
      await client.createCollection(wanted as Parameters<MilvusClient['createCollection']>[0]),
      'CreateCollection',
    );
  } catch (error) {
    // Somebody else was quicker; what is missing of it is made below by whoever comes.
    if (!(await exists(client, name))) throw error;
  }
  await complete(client, name, metric);
}

async function complete(client: MilvusClient, name: string, metric: string): Promise<void> {
  const described = await client.describeIndex({ collection_name: name });
  const indexes = (described.index_descriptions ?? []) as readonly unknown[];
  if (indexes.length === 0) {
    accepted(
      await client.createIndex({
        collection_name: name,
        field_name: 'vector',
        index_name: 'vector',
        index_type: metric === 'COSINE' ? 'HNSW' : 'FLAT',
        metric_type: metric,
        params: metric === 'COSINE' ? { M: 16, efConstruction: 200 } : {},
      }),
      'CreateIndex',
    );
  }
  accepted(await client.loadCollectionAsync({ collection_name: name }), 'LoadCollection');
  await until(async () => {
    const { progress } = accepted(await client.getLoadingProgress({ collection_name: name }), 'GetLoadingProgress');
    return Number(progress) >= 100;
  });
}

const LOOK_AGAIN_MS = 50;
const LONGEST_WAIT_MS = 10 * 60_000;

/** Waits until Milvus has done something it does beside its answers. Throws `kit.cancelled`. */
export async function until(
  done: () => Promise<boolean>,
  signal?: AbortSignal,
  mostMs = LONGEST_WAIT_MS,
): Promise<void> {
  const giveUpAt = performance.now() + mostMs;
  while (!(await done())) {
    throwIfCancelled(signal);
    if (performance.now() > giveUpAt) throw new MilvusRefusal('it did not finish what it began');
    await sleep(LOOK_AGAIN_MS);
  }
}

/** Whether there is a collection of this name. */
async function exists(client: MilvusClient, name: string): Promise<boolean> {
  const { value } = accepted(await client.hasCollection({ collection_name: name }), 'HasCollection');
  return value === true;
}

/** Loads a collection that is there: it cannot be searched before. */
export async function load(client: MilvusClient, name: string): Promise<void> {
  await complete(client, name, 'COSINE');
}

const text = (name: string, max_length: number, more: object = {}) => ({
  name,
  data_type: 'VarChar',
  max_length,
  ...more,
});

/** Makes the collection of a space and writes into the register what it is for. Throws `store.space-mismatch`. */
export async function makeSpace(client: MilvusClient, prefix: string, space: Space, where: string): Promise<void> {
  const there = (await readSpaces(client, prefix)).find(({ id }) => id === space.id);
  if (there && !sameSpace(there, space)) throw spaceMismatch(there, space);
  const fields = [
    text('key', HASH_CHARS, { is_primary_key: true, autoID: false }),
    text('tenant', HASH_CHARS, { is_partition_key: true }),
    text('store', HASH_CHARS),
    text('file', HASH_CHARS),
    text('modality', 16),
    {
      name: 'marks',
      data_type: 'Array',
      element_type: 'VarChar',
      max_length: HASH_CHARS,
      max_capacity: MOST_ATTRIBUTES,
    },
    { name: 'numbers', data_type: 'JSON' },
    text('item', MOST_TEXT_BYTES),
    { name: 'vector', data_type: 'FloatVector', dim: space.dimensions },
  ];
  await make(client, `${prefix}${space.id}`, fields, 'COSINE');
  if (there) return;
  const told = JSON.stringify(space);
  if (Buffer.byteLength(told) > MOST_TEXT_BYTES)
    throw unusable(where, 'the space’s description is too long', 'Shorten it.');
  // Every collection of Milvus has vectors; the register’s mean nothing.
  const row = { id: space.id, space: told, vector: [1, 0] };
  accepted(await client.upsert({ collection_name: registerOf(prefix), data: [row] }), 'Upsert');
}

/** A space’s id begins with a letter or a digit, so no space is called like the register. */
const registerOf = (prefix: string) => `${prefix}_spaces`;

/** Makes the register of spaces, or finds it. */
export async function makeRegister(client: MilvusClient, prefix: string): Promise<void> {
  const fields = [
    text('id', 64, { is_primary_key: true, autoID: false }),
    text('space', MOST_TEXT_BYTES),
    { name: 'vector', data_type: 'FloatVector', dim: 2 },
  ];
  await make(client, registerOf(prefix), fields, 'L2');
}

/** Every space there is. */
export async function readSpaces(client: MilvusClient, prefix: string): Promise<readonly Space[]> {
  const answer = await client.query({
    collection_name: registerOf(prefix),
    filter: 'id != ""',
    output_fields: ['space'],
    limit: 16_384,
    consistency_level: 'Strong' as never,
  });
  return accepted(answer, 'Query').data.map((row) => Space.parse(JSON.parse(String(row.space))));
}
