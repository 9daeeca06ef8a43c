import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axis, entry, examineVectorStore, exampleSpace, numbered } from '#store/conformance.ts';
import { openQdrant } from '#store/engines/qdrant/store.ts';
import { preparedPython } from './prepared.ts';
import { QDRANT_EDGE_KEY, type QdrantEdge, startQdrantEdge } from './qdrant.ts';

const python = await preparedPython('qdrant.txt');
const signal = new AbortController().signal;
const ALL = { tenant: 't' };

describe.skipIf(python === null)('Qdrant’s own engine behind its REST API', () => {
  let server: QdrantEdge;
  beforeAll(async () => {
    server = await startQdrantEdge(python ?? '');
  }, 120_000);
  afterAll(() => server?.end());
  const open = () => openQdrant({ url: server.url, apiKey: QDRANT_EDGE_KEY });

  examineVectorStore('qdrant', async () => open());

  it('has all that was acknowledged when the server is killed and started again', async () => {
    const space = exampleSpace(8);
    const before = open();
    await before.open(space, signal);
    let acknowledged = 0;
    const writing = (async () => {
      for (let number = 0; ; number++) {
        await before.put(space.id, [entry({ id: `w${number}`, attributes: { number } })], signal);
        acknowledged += 1;
      }
    })();
    writing.catch(() => {});
    await expect.poll(() => acknowledged).toBeGreaterThan(20);
    await server.crash();
    await expect(writing).rejects.toMatchObject({ code: 'store.unreachable' });
    await server.restart();
    const after = open();
    const kept = await after.count(space.id, ALL, signal);
    expect(kept).toBeGreaterThanOrEqual(acknowledged);
    expect(kept).toBeLessThanOrEqual(acknowledged + 1);
    const filter = { type: 'eq', key: 'number', value: acknowledged - 1 } as const;
    expect(await after.count(space.id, { ...ALL, filter }, signal)).toBe(1);
  }, 60_000);

  it('builds its index when it is told to, and finds with it', async () => {
    const space = exampleSpace(256);
    const store = open();
    await store.open(space, signal);
    const all = numbered(12_000, 256);
    await store.put(space.id, all, signal);
    await store.optimize(space.id, signal);
    const { items, unindexed } = await store.stats(space.id, signal);
    expect(items).toBe(12_000);
    expect(unindexed).toBeLessThan(12_000);
    const query = { vector: all[7]?.vector ?? axis(0, 256), limit: 1, which: ALL };
    const found = await store.search(space.id, query, signal);
    expect([found.way, found.hits[0]?.item.id]).toEqual(['index', 'n7']);
  }, 120_000);
});

// A real server of yours: SENSORIUM_TEST_QDRANT=http://… and, where it wants one, SENSORIUM_TEST_QDRANT_KEY.
const theirs = process.env.SENSORIUM_TEST_QDRANT;
if (theirs !== undefined) {
  examineVectorStore('qdrant, a server of yours', async () =>
    openQdrant({ url: theirs, apiKey: process.env.SENSORIUM_TEST_QDRANT_KEY, prefix: 'sensorium_test_' }),
  );
}
