import { parseArgs } from 'node:util';
import type { Space, StoredItem, VectorStore, Which } from '#contract/vector-store.ts';
import { openMilvus } from '#store/engines/milvus/store.ts';
import { openPgvector } from '#store/engines/pgvector/store.ts';
import { openQdrant } from '#store/engines/qdrant/store.ts';
import { spaceOf } from '#store/index.ts';
import { pythonFor } from '../test/servers/judge.ts';
import { startMilvusLite } from '../test/servers/milvus.ts';
import { postgresPrograms, startPostgres } from '../test/servers/postgres.ts';
import { QDRANT_EDGE_KEY, startQdrantEdge } from '../test/servers/qdrant.ts';

/**
 * How fast and how exact the vector stores behind servers are here:
 * `npx tsx --conditions=sensorium-source scripts/measure-vector-servers.ts [--items 20000] [--only pgvector] [--json]`.
 * Vectors are 384 numbers around 64 centres, as embeddings are; recall is against comparing everything in this process.
 */
const { values: asked } = parseArgs({
  options: {
    items: { type: 'string', default: '20000' },
    queries: { type: 'string', default: '200' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const ITEMS = Number(asked.items);
const QUERIES = Number(asked.queries);
const DIMENSIONS = 384;
const CENTRES = 64;
const LIMIT = 10;
const AT_ONCE = 1_000;
const EXACT_QUERIES = 20;

const ENGINES: Readonly<Record<string, () => Promise<{ store: VectorStore; end(): Promise<void> }>>> = {
  async pgvector() {
    const server = await startPostgres(await postgresPrograms(await pythonFor('pgvector.txt')));
    return { store: await openPgvector({ url: server.url, indexFrom: 1_000 }), end: server.end };
  },
  async qdrant() {
    const server = await startQdrantEdge(await pythonFor('qdrant.txt'));
    return {
      store: openQdrant({ url: server.url, apiKey: QDRANT_EDGE_KEY, requestTimeoutMs: 600_000 }),
      end: server.end,
    };
  },
  async milvus() {
    const server = await startMilvusLite(await pythonFor('milvus.txt'));
    return { store: openMilvus({ url: server.url, requestTimeoutMs: 600_000 }), end: server.end };
  },
};

/** The same numbers each time: a linear congruential generator, two of them for one that is normally distributed. */
function generator(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 1) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

function unit(values: readonly number[]): Float32Array {
  const length = Math.hypot(...values);
  return Float32Array.from(values, (value) => value / length);
}

function around(centres: readonly (readonly number[])[], normal: () => number, count: number): Float32Array[] {
  return Array.from({ length: count }, (_, at) =>
    unit((centres[at % centres.length] ?? []).map((value) => value + normal())),
  );
}

const itemOf = (at: number): StoredItem => ({
  id: `i${at}`,
  tenant: 't',
  store: 's',
  file: `f${at % 100}`,
  modality: 'text',
  sha256: '0'.repeat(64),
  surrogate: `what item ${at} says`,
  fromMs: null,
  toMs: null,
  // Independent of the centre an item is around.
  attributes: { of100: Math.floor(at / CENTRES) % 100, of1000: Math.floor(at / CENTRES) % 1000 },
});

function nearest(vectors: readonly Float32Array[], query: Float32Array, counts: (at: number) => boolean): Set<string> {
  const ranked: { id: string; dot: number }[] = [];
  for (const [at, vector] of vectors.entries()) {
    if (!counts(at)) continue;
    let dot = 0;
    for (let place = 0; place < DIMENSIONS; place++) dot += (vector[place] ?? 0) * (query[place] ?? 0);
    ranked.push({ id: `i${at}`, dot });
  }
  return new Set(
    ranked
      .sort((a, b) => b.dot - a.dot)
      .slice(0, LIMIT)
      .map(({ id }) => id),
  );
}

const normal = generator(7);
const centres = Array.from({ length: CENTRES }, () => Array.from({ length: DIMENSIONS }, normal));
const vectors = around(centres, normal, ITEMS);
const queries = around(centres, normal, QUERIES);
const space: Space = spaceOf({
  embedder: 'measured',
  weightsSha256: null,
  dimensions: DIMENSIONS,
  preprocessing: 'none',
  takes: ['text'],
});
const { signal } = new AbortController();
const few = (key: string) => ({ filter: { type: 'eq', key, value: 3 } as const });
const KINDS: Readonly<Record<string, { which: Omit<Which, 'tenant'>; counts(at: number): boolean; exact?: boolean }>> =
  {
    all: { which: {}, counts: () => true },
    of100: { which: few('of100'), counts: (at) => itemOf(at).attributes.of100 === 3 },
    of1000: { which: few('of1000'), counts: (at) => itemOf(at).attributes.of1000 === 3 },
    exact: { which: {}, counts: () => true, exact: true },
  };

async function measured(store: VectorStore): Promise<Record<string, number>> {
  await store.open(space, signal);
  const figures: Record<string, number> = {};
  const timed = async (name: string, work: () => Promise<unknown>) => {
    const startedMs = performance.now();
    await work();
    figures[name] = Math.round(performance.now() - startedMs);
  };
  await timed('putMs', async () => {
    for (let from = 0; from < ITEMS; from += AT_ONCE) {
      const some = vectors.slice(from, from + AT_ONCE).map((vector, at) => ({ item: itemOf(from + at), vector }));
      await store.put(space.id, some, signal);
    }
  });
  await timed('optimizeMs', () => store.optimize(space.id, signal));
  for (const [name, { which, counts, exact = false }] of Object.entries(KINDS)) {
    const tookMs: number[] = [];
    let found = 0;
    let meant = 0;
    for (const vector of exact ? queries.slice(0, EXACT_QUERIES) : queries) {
      const startedMs = performance.now();
      const { hits } = await store.search(
        space.id,
        { vector, limit: LIMIT, which: { tenant: 't', ...which }, exact },
        signal,
      );
      tookMs.push(performance.now() - startedMs);
      const right = nearest(vectors, vector, counts);
      meant += right.size;
      found += hits.filter(({ item }) => right.has(item.id)).length;
    }
    tookMs.sort((a, b) => a - b);
    const at = (share: number) => Number((tookMs[Math.floor(share * tookMs.length)] ?? 0).toFixed(1));
    Object.assign(figures, {
      [`${name}RecallAt10`]: Number((found / meant).toFixed(4)),
      [`${name}P50Ms`]: at(0.5),
      [`${name}P95Ms`]: at(0.95),
    });
  }
  return figures;
}

const all: Record<string, Record<string, number>> = {};
for (const [name, start] of Object.entries(ENGINES)) {
  if (asked.only !== undefined && asked.only !== name) continue;
  const { store, end } = await start();
  try {
    all[name] = await measured(store);
    if (!asked.json) console.log(name, all[name]);
  } finally {
    await store.close();
    await end();
  }
}
if (asked.json) console.log(JSON.stringify({ items: ITEMS, dimensions: DIMENSIONS, queries: QUERIES, engines: all }));
