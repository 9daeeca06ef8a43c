import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axis, entry, examineVectorStore, exampleSpace, numbered } from '#store/conformance.ts';
import { openMilvus } from '#store/engines/milvus/store.ts';
import { type MilvusLite, startMilvusLite } from './milvus.ts';
import { preparedPython } from './prepared.ts';

const python = await preparedPython('milvus.txt');
const signal = new AbortController().signal;
const ALL = { tenant: 't' };

describe.skipIf(python === null)('Milvus Lite over gRPC', () => {
  let milvus: MilvusLite;
  beforeAll(async () => {
    milvus = await startMilvusLite(python ?? '');
  }, 120_000);
  afterAll(() => milvus?.end());
  const open = () => openMilvus({ url: milvus.url, requestTimeoutMs: 10_000 });

  // Seen of Milvus Lite 3.2 while it flushes, once in some runs.
  examineVectorStore('milvus', async () => open(), { blinks: true });

  it('has all that was acknowledged when the server is killed and started again', async () => {
    const space = exampleSpace(8);
    const store = open();
    await store.open(space, signal);
    let acknowledged = 0;
    const writing = (async () => {
      for (let number = 0; ; number++) {
        await store.put(space.id, [entry({ id: `w${number}` })], signal);
        acknowledged += 1;
      }
    })();
    writing.catch(() => {});
    await expect.poll(() => acknowledged).toBeGreaterThan(20);
    await milvus.crash();
    await expect(writing).rejects.toMatchObject({ code: 'store.unreachable' });
    await expect(store.count(space.id, ALL, signal)).rejects.toMatchObject({ code: 'store.unreachable' });
    await milvus.restart();
    await expect.poll(() => store.count(space.id, ALL, signal).catch(() => -1), { timeout: 20_000 }).toBeGreaterThan(0);
    const kept = await store.count(space.id, ALL, signal);
    expect(kept).toBeGreaterThanOrEqual(acknowledged);
    expect(kept).toBeLessThanOrEqual(acknowledged + 1);
    await store.close();
  }, 120_000);

  it('gives up on a server that hangs, also for a caller who is cancelled', async () => {
    const space = exampleSpace(8);
    const store = openMilvus({ url: milvus.url, requestTimeoutMs: 500 });
    await store.open(space, signal);
    milvus.freeze(true);
    try {
      await expect(store.count(space.id, ALL, AbortSignal.timeout(50))).rejects.toMatchObject({
        code: 'kit.cancelled',
      });
      await expect(store.count(space.id, ALL, signal)).rejects.toMatchObject({ code: 'store.unreachable' });
    } finally {
      milvus.freeze(false);
      await store.close();
    }
  }, 60_000);

  it('says that nobody is there', async () => {
    const store = openMilvus({ url: 'http://127.0.0.1:1', requestTimeoutMs: 500 });
    await expect(store.spaces(signal)).rejects.toMatchObject({ code: 'store.unreachable' });
    await store.close();
  }, 30_000);

  it('refuses an item that is longer than Milvus can keep', async () => {
    const space = exampleSpace(8);
    const store = open();
    await store.open(space, signal);
    const long = entry({ id: 'long', surrogate: '长'.repeat(22_000) }, axis(1));
    await expect(store.put(space.id, [long], signal)).rejects.toMatchObject({ code: 'store.unusable' });
    await store.put(space.id, numbered(3), signal);
    await store.close();
  });
});

// A real server of yours: SENSORIUM_TEST_MILVUS=http://… and, where it wants one, SENSORIUM_TEST_MILVUS_KEY.
const theirs = process.env.SENSORIUM_TEST_MILVUS;
if (theirs !== undefined) {
  examineVectorStore('milvus, a server of yours', async () =>
    openMilvus({ url: theirs, apiKey: process.env.SENSORIUM_TEST_MILVUS_KEY, prefix: 'sensorium_test_' }),
  );
}
