import { Space } from '#contract/vector-store.ts';
import { spaceMismatch } from '../../guarded.ts';
import { sameSpace } from '../../space.ts';
import { unknownSpace, unusable } from '../remote/errors.ts';
import type { QdrantClient } from './client.ts';
import { indexFor, OWN_FIELDS } from './filter.ts';

/** A collection can be told what it is for since this version (Qdrant PR 7123). */
const OLDEST = [1, 16] as const;
/** An index for each attribute costs memory and time at every put; who has more kinds of attributes filters by the rest without. */
const MOST_ATTRIBUTE_INDEXES = 64;

/** A space with its collection, and the fields of it that have an index. */
export interface Collection {
  readonly space: Space;
  readonly path: string;
  readonly indexed: Set<string>;
}

type Json = Readonly<Record<string, unknown>>;
const objectIn = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});

/** Refuses a server that is too old, or none. Throws `store.unusable`. */
export async function mustBeNewEnough(client: QdrantClient, signal: AbortSignal): Promise<void> {
  const { version } = objectIn(await client.about(signal));
  const [major = 0, minor = 0] = String(version ?? '')
    .split('.')
    .map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw unusable(
    client.where,
    `its Qdrant is ${version ? String(version).slice(0, 20) : 'of an unknown version'}, and ${OLDEST.join('.')} is the oldest that can be used`,
    'Update Qdrant: one minor version at a time, as its documentation asks.',
  );
}

/** Makes the collection of a space with its indexes before any data, or finds it and completes it. Throws `store.space-mismatch`. */
export async function makeCollection(
  client: QdrantClient,
  path: string,
  space: Space,
  replicas: number,
  signal: AbortSignal,
): Promise<Collection> {
  if ((await client.find(path, signal)) === null) {
    const body = {
      vectors: { size: space.dimensions, distance: 'Cosine' },
      metadata: { sensorium: space },
      ...(replicas > 1 ? { replication_factor: replicas, write_consistency_factor: replicas } : {}),
    };
    await client.make(path, body, signal);
  }
  const collection = await findCollection(client, path, space.id, signal);
  if (!sameSpace(collection.space, space)) throw spaceMismatch(collection.space, space);
  for (const [field, schema] of Object.entries(OWN_FIELDS)) await addIndex(client, collection, field, schema, signal);
  return collection;
}

/** The collection of a space that somebody opened. Throws `store.unknown`. */
export async function findCollection(
  client: QdrantClient,
  path: string,
  id: string,
  signal: AbortSignal,
): Promise<Collection> {
  const found = await client.find(path, signal);
  if (found === null) throw unknownSpace(id);
  const info = objectIn(found);
  const told = Space.safeParse(objectIn(objectIn(info.config).metadata).sensorium);
  if (!told.success) {
    throw unusable(
      client.where,
      `the collection ${path} was not made by Sensorium`,
      'Use another prefix for the names of collections.',
    );
  }
  return { space: told.data, path, indexed: new Set(Object.keys(objectIn(info.payload_schema))) };
}

/** Makes an index for a field unless it has one. */
async function addIndex(
  client: QdrantClient,
  { path, indexed }: Collection,
  field: string,
  schema: object,
  signal: AbortSignal,
): Promise<void> {
  if (indexed.has(field)) return;
  await client.call('PUT', `${path}/index?wait=true`, { field_name: field, field_schema: schema }, signal);
  indexed.add(field);
}

/** Indexes attributes that come for the first time, before the points that have them: links for them are made when points come in. */
export async function indexAttributes(
  client: QdrantClient,
  collection: Collection,
  fields: Iterable<string>,
  signal: AbortSignal,
): Promise<void> {
  for (const field of new Set(fields)) {
    if (collection.indexed.size >= MOST_ATTRIBUTE_INDEXES + Object.keys(OWN_FIELDS).length) return;
    await addIndex(client, collection, field, indexFor(field), signal);
  }
}

/** Every space there is under a prefix. */
export async function readSpaces(client: QdrantClient, prefix: string, signal: AbortSignal): Promise<readonly Space[]> {
  const { collections } = objectIn(await client.call('GET', 'collections', null, signal));
  const names = (Array.isArray(collections) ? collections : []).map((one) => String(objectIn(one).name));
  const spaces: Space[] = [];
  for (const name of names.filter((one) => one.startsWith(prefix)).sort()) {
    const info = objectIn(await client.find(`collections/${name}`, signal));
    const told = Space.safeParse(objectIn(objectIn(info.config).metadata).sensorium);
    if (told.success && `${prefix}${told.data.id}` === name) spaces.push(told.data);
  }
  return spaces;
}
