import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axis, entry, examineVectorStore, exampleSpace, numbered } from '#store/conformance.ts';
import { openQdrant } from '#store/engines/qdrant/store.ts';
import { freePort, type Running } from '../../bench/gateway/processes.ts';
import { startServer } from './judge.ts';
import { preparedPython } from './prepared.ts';

const python = await preparedPython('qdrant.txt');
const signal = new AbortController().signal;
const KEY = 'key-of-the-store';
const ALL = { tenant: 't' };

describe.skipIf(python === null)('Qdrant’s own engine behind its REST API', () => {
  let folder: string;
  let url: string;
  let server: Running;

  async function start(version: readonly string[] = []): Promise<void> {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const program = new URL('qdrant_edge_server.py', import.meta.url).pathname;
    server = await startServer(python ?? '', [program, `${port}`, folder, KEY, ...version], url);
  }
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sensorium-qdrant-'));
    await start();
  }, 120_000);
  afterAll(async () => {
    await server?.end();
    rmSync(folder, { recursive: true, force: true });
  });
  const open = () => openQdrant({ url, apiKey: KEY });

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
    await server.end();
    await expect(writing).rejects.toMatchObject({ code: 'store.unreachable' });
    await start();
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
