import { SensoriumError } from '#contract/error.ts';
import type { StoredItem, VectorStore, Which } from '#contract/vector-store.ts';
import { cancelled } from '#kit/abort.ts';
import { connectMilvus, type MilvusClient } from '#runtime/milvus.ts';
import { guarded } from '../../guarded.ts';
import { unusable } from '../remote/errors.ts';
import { asCosine, fromText, toText } from '../remote/item.ts';
import { mustBePrefix } from '../remote/names.ts';
import { load, MOST_TEXT_BYTES, makeRegister, makeSpace, mustBeNewEnough, readSpaces, until } from './collections.ts';
import { accepted, translated } from './errors.ts';
import { compareAll } from './exact.ts';
import { columnsOf, expressionOf } from './expression.ts';

export interface MilvusOptions {
  /** `http://host:19530`, or https for TLS. */
  readonly url: string;
  /** `user:password`, or a key of Zilliz Cloud. */
  readonly apiKey?: string | null | undefined;
  /** What the names of its collections begin with; `sensorium_` where it is left out. */
  readonly prefix?: string | undefined;
  readonly database?: string | undefined;
  readonly requestTimeoutMs?: number | undefined;
  /** How many items an exact search may compare, 200,000 where it is left out: their vectors all come over the wire. */
  readonly exactUpTo?: number | undefined;
}

/** Milvus takes messages of 64 MB. */
const REQUEST_BYTES = 8 * 1024 * 1024;
const MOST_ANSWER_BYTES = 128 * 1024 * 1024;
const MOST_HITS = 16_384;
/** One answer of Milvus. */
const FEW = 2_000;
const LEAST_IN_SIGHT = 128;
const MOST_IN_SIGHT = 32_768;
const LONGEST_WORK_MS = 60 * 60_000;

/**
 * A vector store in Milvus 2.5 or newer over gRPC: one collection for each space, tenants as partition keys, a register of spaces beside
 * them. Reads are Strong: they wait until everything that was acknowledged before is seen; what is acknowledged is in Milvus’ log.
 * Connects with the first call. Throws `config.invalid` for an address that is none.
 */
export function openMilvus(options: MilvusOptions): VectorStore {
  const { requestTimeoutMs = 30_000, exactUpTo = 200_000 } = options;
  const prefix = mustBePrefix(options.prefix ?? 'sensorium_');
  const url = addressOf(options.url);
  const where = url.host;
  const loaded = new Set<string>();
  let connecting: Promise<MilvusClient> | null = null;

  async function connect(): Promise<MilvusClient> {
    const client = await connectMilvus({
      address: where,
      ssl: url.protocol === 'https:',
      timeout: requestTimeoutMs,
      maxRetries: 2,
      channelOptions: {
        // The client pings every ten seconds where nothing is said, and gRPC's own servers hang up on that; every call has its time anyway.
        'grpc.keepalive_time_ms': 300_000,
        'grpc.keepalive_permit_without_calls': 0,
        'grpc.max_receive_message_length': MOST_ANSWER_BYTES,
      },
      ...(options.apiKey ? { token: options.apiKey.trim() } : {}),
      ...(options.database ? { database: options.database } : {}),
    });
    try {
      await mustBeNewEnough(client, where);
      await makeRegister(client, prefix);
      return client;
    } catch (error) {
      await client.closeConnection().catch(() => {});
      throw error;
    }
  }

  /** One call or several, with what they throw in our words. A space is loaded before it is asked the first time. */
  async function use<T>(space: string | null, work: (client: MilvusClient, name: string) => Promise<T>): Promise<T> {
    try {
      connecting ??= connect().catch((error: unknown) => {
        connecting = null;
        throw error;
      });
      const client = await connecting;
      const name = `${prefix}${space ?? ''}`;
      if (space !== null && !loaded.has(space)) {
        await load(client, name);
        loaded.add(space);
      }
      return await work(client, name);
    } catch (error) {
      const told = translated(error, where, space);
      // A server that was away may have let go of what was loaded.
      if (told instanceof SensoriumError && told.code === 'store.unreachable') loaded.clear();
      throw told;
    }
  }

  const count = (space: string, expression: string) =>
    use(space, async (client, name) => {
      const answer = await client.count({
        collection_name: name,
        expr: expression,
        consistency_level: 'Strong',
      } as never);
      return Number(accepted(answer, 'Query').data);
    });
  const countOf = (space: string, which: Which) => count(space, expressionOf(which));

  return guarded({
    id: 'milvus',

    async open(space) {
      await use(null, (client) => makeSpace(client, prefix, space, where));
      loaded.add(space.id);
    },

    spaces: () => use(null, (client) => readSpaces(client, prefix)),

    put: (space, items, signal) =>
      use(space, async (client, name) => {
        const rows = items.map(({ item, vector }) => rowOf(item, vector, where));
        for (const batch of batches(rows)) {
          if (signal.aborted) throw cancelled(signal);
          accepted(await client.upsert({ collection_name: name, data: batch } as never), 'Upsert');
        }
      }),

    async remove(space, which) {
      const removed = await countOf(space, which);
      if (removed === 0) return 0;
      return use(space, async (client, name) => {
        accepted(await client.delete({ collection_name: name, filter: expressionOf(which) }), 'Delete');
        return removed;
      });
    },

    async search(space, { vector, limit, which, exact = false }, signal) {
      const expression = expressionOf(which);
      const items = exact || which.filter !== undefined ? await count(space, expression) : null;
      // Where a filter leaves little, a graph may lead past it.
      if (exact || (items !== null && items <= FEW)) {
        if (items !== null && items > exactUpTo) throw tooMany(items, exactUpTo);
        const hits = await use(space, (client, name) =>
          compareAll(client, name, expression, items ?? 0, vector, limit, signal),
        );
        return { hits, way: 'scan' };
      }
      return use(space, async (client, name) => {
        const answer = await client.search({
          collection_name: name,
          data: Array.from(vector),
          anns_field: 'vector',
          limit: Math.min(limit, MOST_HITS),
          filter: expression,
          output_fields: ['item'],
          metric_type: 'COSINE',
          params: { ef: Math.min(MOST_IN_SIGHT, Math.max(LEAST_IN_SIGHT, 2 * limit)) },
          consistency_level: 'Strong' as never,
        });
        const { results } = accepted(answer, 'Search');
        const rows = results as unknown as readonly { readonly score: number; readonly item: string }[];
        return {
          hits: rows.map(({ score, item }) => ({ item: fromText(item), similarity: asCosine(score) })),
          way: 'index',
        };
      });
    },

    count: countOf,

    async stats(space) {
      const items = await count(space, 'tenant != ""');
      const waiting = await use(space, unindexedIn);
      return { items, unindexed: waiting, fragments: null, sizeBytes: null };
    },

    async optimize(space, signal) {
      await use(space, async (client, name) => {
        const flushing = accepted(await client.flush({ collection_names: [name] }), 'Flush');
        const segments: Readonly<Record<string, { readonly data: number[] }>> = flushing.coll_segIDs ?? {};
        const segmentIDs = Object.values(segments).flatMap(({ data }) => data);
        await until(async () => accepted(await client.getFlushState({ segmentIDs }), 'GetFlushState').flushed, signal);
        await until(async () => ((await unindexedIn(client, name)) ?? 0) === 0, signal, LONGEST_WORK_MS);
      });
    },

    async close() {
      const client = await connecting?.catch(() => null);
      await client?.closeConnection().catch(() => {});
    },
  });
}

/** How many rows wait for their index; `null` where Milvus does not say. */
async function unindexedIn(client: MilvusClient, name: string): Promise<number | null> {
  const described = accepted(await client.describeIndex({ collection_name: name }), 'DescribeIndex');
  const [index] = (described.index_descriptions ?? []) as readonly { readonly pending_index_rows?: unknown }[];
  return index?.pending_index_rows === undefined ? null : Number(index.pending_index_rows);
}

function tooMany(items: number, most: number): SensoriumError {
  return new SensoriumError('store.bad-request', `${items} items cannot be compared one by one in Milvus.`, {
    hint: `Narrow what counts to ${most} items, or search without exact.`,
    details: { items, most },
  });
}

interface Row {
  readonly sizeBytes: number;
  readonly columns: object;
}

function rowOf(item: StoredItem, vector: Float32Array, where: string): Row {
  const text = toText(item);
  const sizeBytes = Buffer.byteLength(text);
  if (sizeBytes > MOST_TEXT_BYTES) {
    throw unusable(
      where,
      `an item takes ${sizeBytes} bytes, and Milvus keeps texts of at most ${MOST_TEXT_BYTES}`,
      'Cut what is added into shorter chunks, or keep it in another vector store.',
    );
  }
  return {
    sizeBytes: sizeBytes + 4 * vector.length,
    columns: { ...columnsOf(item), item: text, vector: Array.from(vector) },
  };
}

function* batches(rows: readonly Row[]): Generator<object[]> {
  let batch: object[] = [];
  let sizeBytes = 0;
  for (const row of rows) {
    if (batch.length > 0 && sizeBytes + row.sizeBytes > REQUEST_BYTES) {
      yield batch;
      batch = [];
      sizeBytes = 0;
    }
    batch.push(row.columns);
    sizeBytes += row.sizeBytes;
  }
  if (batch.length > 0) yield batch;
}

function addressOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) {
    if (url.port === '' && url.protocol === 'http:') url.port = '19530';
    return url;
  }
  throw new SensoriumError('config.invalid', 'The address of Milvus is not an http or https address.', {
    hint: 'Set store.url, for example to http://127.0.0.1:19530.',
  });
}
