import { setTimeout as sleep } from 'node:timers/promises';
import { SensoriumError } from '#contract/error.ts';
import type { Hit, StoredItem, VectorStore, Which } from '#contract/vector-store.ts';
import { cancelled } from '#kit/abort.ts';
import { guarded } from '../../guarded.ts';
import { unusable } from '../remote/errors.ts';
import { asCosine, fromText, toText } from '../remote/item.ts';
import { fieldOf, hashed, mustBePrefix, storable } from '../remote/names.ts';
import { type ClientOptions, qdrantClient } from './client.ts';
import {
  type Collection,
  findCollection,
  indexAttributes,
  makeCollection,
  mustBeNewEnough,
  readSpaces,
} from './collections.ts';
import { filterOf } from './filter.ts';

export interface QdrantOptions extends Pick<ClientOptions, 'connectTimeoutMs' | 'requestTimeoutMs' | 'retryBaseMs'> {
  readonly url: string;
  readonly apiKey?: string | null | undefined;
  /** What the names of its collections begin with; `sensorium_` where it is left out. */
  readonly prefix?: string | undefined;
  /** In a cluster: on how many nodes a vector is kept, and how many must have written it before a put is acknowledged. */
  readonly replicas?: number | undefined;
}

/** A request may hold 32 MB at most (Qdrant's `service.max_request_size_mb`). A number takes up to 22 characters. */
const REQUEST_NUMBERS = 400_000;
/** Candidates kept in sight, at least; Qdrant's own default is the `ef_construct` of 100. */
const LEAST_IN_SIGHT = 128;
const LONGEST_WORK_MS = 60 * 60_000;
const LOOK_AGAIN_MS = 250;
/** Writes go through one node in order, and are in its log on disk and applied when they are acknowledged. */
const DURABLY = 'wait=true&ordering=strong';

/**
 * A vector store in Qdrant 1.16 or newer over its REST API: one collection for each space, which tells in its metadata what it is.
 * Nothing is sent until the first call. Throws `config.invalid` for an address that is none.
 */
export function openQdrant(options: QdrantOptions): VectorStore {
  const prefix = mustBePrefix(options.prefix ?? 'sensorium_');
  const client = qdrantClient({ ...options, url: addressOf(options.url), apiKey: options.apiKey?.trim() || null });
  const replicas = options.replicas ?? 1;
  const collections = new Map<string, Collection>();
  const pathOf = (space: string) => `collections/${prefix}${space}`;
  let asked: Promise<void> | null = null;

  /** Once, for whoever comes first; again where that failed. */
  async function ready(signal: AbortSignal): Promise<void> {
    asked ??= mustBeNewEnough(client, signal).catch((error: unknown) => {
      asked = null;
      throw error;
    });
    await asked;
  }

  async function collectionOf(space: string, signal: AbortSignal): Promise<Collection> {
    await ready(signal);
    const collection = collections.get(space) ?? (await findCollection(client, pathOf(space), space, signal));
    collections.set(space, collection);
    return collection;
  }

  async function count(collection: Collection, which: Which | null, signal: AbortSignal): Promise<number> {
    const body = { exact: true, ...(which === null ? {} : { filter: filterOf(which) }) };
    const result = (await client.call('POST', `${collection.path}/points/count`, body, signal)) as { count?: unknown };
    return Number(result.count);
  }

  return guarded({
    id: 'qdrant',

    async open(space, signal) {
      await ready(signal);
      collections.set(space.id, await makeCollection(client, pathOf(space.id), space, replicas, signal));
    },

    async spaces(signal) {
      await ready(signal);
      return readSpaces(client, prefix, signal);
    },

    async put(space, items, signal) {
      const collection = await collectionOf(space, signal);
      const points = items.map(({ item, vector }) => ({
        id: pointId(item.id),
        vector: Array.from(vector),
        payload: payloadOf(item),
      }));
      const fields = items.flatMap(({ item }) => Object.keys(fieldsOf(item)));
      await indexAttributes(client, collection, fields, signal);
      const atOnce = Math.max(1, Math.floor(REQUEST_NUMBERS / (collection.space.dimensions + 512)));
      for (let at = 0; at < points.length; at += atOnce) {
        const body = { points: points.slice(at, at + atOnce) };
        await client.call('PUT', `${collection.path}/points?${DURABLY}`, body, signal);
      }
    },

    async remove(space, which, signal) {
      const collection = await collectionOf(space, signal);
      const removed = await count(collection, which, signal);
      await client.call('POST', `${collection.path}/points/delete?${DURABLY}`, { filter: filterOf(which) }, signal);
      return removed;
    },

    async search(space, { vector, limit, which, exact = false }, signal) {
      const collection = await collectionOf(space, signal);
      const body = {
        query: Array.from(vector),
        filter: filterOf(which),
        limit,
        params: exact ? { exact: true } : { hnsw_ef: Math.max(LEAST_IN_SIGHT, 2 * limit) },
        with_payload: ['item'],
      };
      const result = await client.call('POST', `${collection.path}/points/query`, body, signal);
      return { hits: hitsIn(result, client.where), way: exact ? 'scan' : 'index' };
    },

    async count(space, which, signal) {
      return count(await collectionOf(space, signal), which, signal);
    },

    async stats(space, signal) {
      const collection = await collectionOf(space, signal);
      const items = await count(collection, null, signal);
      const info = (await client.call('GET', collection.path, null, signal)) as Readonly<Record<string, unknown>>;
      const indexed = Number(info.indexed_vectors_count ?? 0);
      // What is replaced may be counted twice there for a while.
      const unindexed = Math.max(0, items - indexed);
      return { items, unindexed, fragments: Number(info.segments_count), sizeBytes: null };
    },

    async optimize(space, signal) {
      const collection = await collectionOf(space, signal);
      const giveUpAt = performance.now() + LONGEST_WORK_MS;
      // Qdrant brings its indexes up to date by itself; after a restart it waits to be told (status grey).
      for (let status = ''; status !== 'green' && performance.now() < giveUpAt; ) {
        const info = (await client.call('GET', collection.path, null, signal)) as { status?: unknown };
        status = String(info.status);
        if (status === 'red') {
          throw unusable(
            client.where,
            'Qdrant could not bring a collection up to date',
            'Look at its log; disk and memory are the usual reasons.',
          );
        }
        if (status === 'grey') await client.call('PATCH', collection.path, { optimizers_config: {} }, signal);
        if (status !== 'green') await pause(signal);
      }
    },

    close: async () => {},
  });
}

async function pause(signal: AbortSignal): Promise<void> {
  await sleep(LOOK_AGAIN_MS, undefined, { signal }).catch(() => {
    throw cancelled(signal);
  });
}

/** A UUID (version 8, RFC 9562) for an item’s id: points have numbers or UUIDs alone. */
function pointId(id: string): string {
  const hex = hashed(id);
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(18, 20)}-${hex.slice(20, 32)}`;
}

function fieldsOf({ attributes }: StoredItem): Readonly<Record<string, string | number | boolean>> {
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [
      fieldOf(key, value),
      typeof value === 'string' ? storable(value) : value,
    ]),
  );
}

function payloadOf(item: StoredItem): object {
  return {
    tenant: storable(item.tenant),
    store: storable(item.store),
    file: storable(item.file),
    modality: item.modality,
    item: toText(item),
    ...fieldsOf(item),
  };
}

function hitsIn(result: unknown, where: string): readonly Hit[] {
  const { points } = (result ?? {}) as { points?: { score: number; payload?: { item?: string } }[] };
  if (!Array.isArray(points))
    throw unusable(where, 'it answered a search without points', 'Is it a Qdrant of 1.16 or newer?');
  return points.flatMap(({ score, payload }) =>
    payload?.item === undefined ? [] : [{ item: fromText(payload.item), similarity: asCosine(score) }],
  );
}

function addressOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  throw new SensoriumError('config.invalid', 'The address of Qdrant is not an http or https address.', {
    hint: 'Set store.url, for example to http://127.0.0.1:6333.',
  });
}
