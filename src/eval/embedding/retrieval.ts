import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VectorStore, Which } from '#contract/vector-store.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { openVectorStore, spaceOf } from '#store/index.ts';
import type { EmbeddingOptions, Figures } from './figures.ts';
import { clusteredVectors, type MadeItem, madeItems } from './retrieval-vectors.ts';
import { sizingOf } from './sizing.ts';

const DIMENSIONS = 384;
const LIMIT = 10;
const WARM_UP = 20;
const ITEMS_PER_PUT = 10_000;
const SEED = 20_261_126;

/** What is asked for, by the share of items that count. `near` goes with the clusters: for most queries nothing near counts. */
const SHARES = {
  all: null,
  filter10pct: 'tenth',
  filter1pct: 'hundredth',
  filter01pct: 'thousandth',
  filterNear: 'near',
} as const;
type Share = keyof typeof SHARES;

interface Measured {
  readonly recallAt10: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Of all threads of this process, a query; `null` where another process does the work. Hardly changed by what else runs. */
  readonly processorMs: number | null;
  readonly way: string;
}

interface Built {
  readonly store: VectorStore;
  readonly space: string;
  readonly inProcess: boolean;
  readonly buildMs: number;
  readonly sizeBytes: number | null;
  readonly diskBytes: number;
}

/**
 * Recall and time of the default store, of sqlite-vec and of a plain scan on the same seeded vectors, and what the default store takes
 * on disk and to build at two sizes. What is true is found by comparing every vector here. Times are those of one caller at a time.
 */
export async function evalRetrieval({ signal, quick, tell }: EmbeddingOptions): Promise<Figures> {
  const count = quick ? 20_000 : 100_000;
  // Both have an index, or the line through them would be none.
  const smaller = quick ? 10_000 : 25_000;
  const asked = quick ? 50 : 100;
  tell(`  making ${count} vectors`);
  const source = clusteredVectors(DIMENSIONS, SEED);
  const items = madeItems(count, source, SEED + 1);
  const queries = Array.from({ length: asked }, () => source.next().vector);
  const folder = await mkdtemp(join(tmpdir(), 'sensorium-retrieval-'));
  try {
    tell(`  comparing ${asked} queries with each of ${count} vectors`);
    const scan = await plainScan(items, queries, signal);
    const small = await build('lancedb', items.slice(0, smaller), join(folder, 'small'), signal);
    await small.store.close();
    const rows: Figures[] = [];
    const engines: Record<string, Partial<Record<Share, Measured>>> = { 'plain scan': { all: scan.measured } };
    const built: Record<string, Built> = {};
    for (const kind of ['lancedb', 'sqlite'] as const) {
      tell(`  ${kind}: ${count} vectors`);
      const made = await build(kind, items, join(folder, kind), signal);
      built[kind] = made;
      engines[kind] = await ask(made, queries, scan.truth, signal);
      await made.store.close();
    }
    for (const [engine, shares] of Object.entries(engines)) {
      for (const [which, measured] of Object.entries(shares)) rows.push({ engine, which, ...measured });
    }
    const lancedb = engines.lancedb as Record<Share, Measured>;
    const own = built.lancedb as Built;
    const sizing = sizingOf(
      [
        { vectors: smaller, buildMs: small.buildMs, sizeBytes: small.sizeBytes ?? small.diskBytes },
        { vectors: count, buildMs: own.buildMs, sizeBytes: own.sizeBytes ?? own.diskBytes },
      ],
      DIMENSIONS,
    );
    return {
      vectors: count,
      dimensions: DIMENSIONS,
      queries: asked,
      made: '1000 clusters, centres of length 1, normal noise of length 0.7 in every dimension; seeded',
      recallAt10: lancedb.all.recallAt10,
      recallAt10Filter10pct: lancedb.filter10pct.recallAt10,
      recallAt10Filter1pct: lancedb.filter1pct.recallAt10,
      recallAt10Filter01pct: lancedb.filter01pct.recallAt10,
      recallAt10FilterNear: lancedb.filterNear.recallAt10,
      p95Ms: lancedb.all.p95Ms,
      p95Filter10pctMs: lancedb.filter10pct.p95Ms,
      p95Filter1pctMs: lancedb.filter1pct.p95Ms,
      p95Filter01pctMs: lancedb.filter01pct.p95Ms,
      p95FilterNearMs: lancedb.filterNear.p95Ms,
      buildMs: own.buildMs,
      sizeBytes: own.sizeBytes,
      engines: rows,
      builds: Object.entries(built).map(([engine, { buildMs, sizeBytes, diskBytes }]) => ({
        engine,
        buildMs,
        sizeBytes,
        diskBytes,
      })),
      sizing: sizing.rows,
      buildGrowsWithPower: sizing.buildPower,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function build(
  kind: 'lancedb' | 'sqlite',
  items: readonly MadeItem[],
  folder: string,
  signal: AbortSignal,
): Promise<Built> {
  // Only what is asked is measured: no maintenance beside it, no sample of live recall.
  const quiet = { recall: { share: 0 }, folder };
  const store = await openVectorStore(kind === 'lancedb' ? { kind, ...quiet, everyCommits: 0 } : { kind, ...quiet });
  const space = spaceOf({
    embedder: 'made',
    weightsSha256: null,
    dimensions: DIMENSIONS,
    preprocessing: '',
    takes: ['text'],
  });
  await store.open(space, signal);
  const startedMs = performance.now();
  for (let at = 0; at < items.length; at += ITEMS_PER_PUT) {
    await store.put(space.id, items.slice(at, at + ITEMS_PER_PUT), signal);
  }
  await store.optimize(space.id, signal);
  const buildMs = Math.round(performance.now() - startedMs);
  const { sizeBytes } = await store.stats(space.id, signal);
  return {
    store,
    space: space.id,
    inProcess: kind === 'lancedb',
    buildMs,
    sizeBytes,
    diskBytes: await bytesIn(folder),
  };
}

async function ask(
  { store, space, inProcess }: Built,
  queries: readonly Float32Array[],
  truth: Record<Share, string[][]>,
  signal: AbortSignal,
): Promise<Record<Share, Measured>> {
  const measured = {} as Record<Share, Measured>;
  for (const share of Object.keys(SHARES) as Share[]) {
    const search = (vector: Float32Array) =>
      store.search(space, { vector, limit: LIMIT, which: whichOf(share) }, signal);
    for (const vector of queries.slice(0, WARM_UP)) await search(vector);
    const times: number[] = [];
    let found = 0;
    let due = 0;
    let way = '';
    const before = process.cpuUsage();
    for (const [at, vector] of queries.entries()) {
      const startedMs = performance.now();
      const answer = await search(vector);
      times.push(performance.now() - startedMs);
      const ids = new Set(answer.hits.map(({ item }) => item.id));
      const meant = truth[share][at] ?? [];
      due += meant.length;
      found += meant.filter((id) => ids.has(id)).length;
      way = answer.way;
    }
    const processorMs = inProcess ? processorMsSince(before, queries.length) : null;
    measured[share] = { recallAt10: found / due, ...quantiles(times), processorMs, way };
  }
  return measured;
}

/** What is true for every share, and how long it takes to compare everything in this process, for the share that is all. */
async function plainScan(items: readonly MadeItem[], queries: readonly Float32Array[], signal: AbortSignal) {
  const together = new Float32Array(items.length * DIMENSIONS);
  for (const [at, { vector }] of items.entries()) together.set(vector, at * DIMENSIONS);
  const shares = Object.keys(SHARES) as Share[];
  const counting = Object.fromEntries(shares.map((share) => [share, placesOf(items, share)])) as Record<
    Share,
    number[]
  >;
  const truth = Object.fromEntries(shares.map((share) => [share, []])) as unknown as Record<Share, string[][]>;
  const times: number[] = [];
  let processorMs = 0;
  for (const query of queries) {
    throwIfCancelled(signal);
    const startedMs = performance.now();
    const before = process.cpuUsage();
    const similarities = similaritiesTo(query, together);
    const all = nearest(similarities, counting.all);
    times.push(performance.now() - startedMs);
    processorMs += processorMsSince(before, queries.length);
    for (const share of shares) {
      const places = share === 'all' ? all : nearest(similarities, counting[share]);
      truth[share].push(places.map((place) => items[place]?.item.id ?? ''));
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { truth, measured: { recallAt10: 1, ...quantiles(times), processorMs, way: 'scan' } };
}

function placesOf(items: readonly MadeItem[], share: Share): number[] {
  const key = SHARES[share];
  return items.flatMap(({ item }, place) => (key === null || item.attributes[key] === true ? [place] : []));
}

function similaritiesTo(query: Float32Array, together: Float32Array): Float32Array {
  const similarities = new Float32Array(together.length / DIMENSIONS);
  for (let row = 0, from = 0; row < similarities.length; row += 1, from += DIMENSIONS) {
    let sum = 0;
    for (let at = 0; at < DIMENSIONS; at += 1) sum += (query[at] as number) * (together[from + at] as number);
    similarities[row] = sum;
  }
  return similarities;
}

/** The places of the greatest, best first: each is put where it belongs among the few that are kept. */
function nearest(similarities: Float32Array, places: readonly number[]): number[] {
  const best: number[] = [];
  for (const place of places) {
    const own = similarities[place] as number;
    if (best.length === LIMIT && own <= (similarities[best[LIMIT - 1] as number] as number)) continue;
    let at = Math.min(best.length, LIMIT - 1);
    for (; at > 0 && (similarities[best[at - 1] as number] as number) < own; at -= 1) best[at] = best[at - 1] as number;
    best[at] = place;
  }
  return best;
}

function processorMsSince(before: NodeJS.CpuUsage, queries: number): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / queries;
}

function whichOf(share: Share): Which {
  const key = SHARES[share];
  return { tenant: 'tenant', ...(key === null ? {} : { filter: { type: 'eq', key, value: true } }) };
}

function quantiles(times: number[]): { p50Ms: number; p95Ms: number } {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { p50Ms: at(0.5), p95Ms: at(0.95) };
}

async function bytesIn(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = files.map(async (file) => (file.isFile() ? (await stat(join(file.parentPath, file.name))).size : 0));
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
