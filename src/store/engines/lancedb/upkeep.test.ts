import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { axis, entry, exampleSpace, numbered } from '../../__fixtures__/items.ts';
import { tableName } from './layout.ts';
import { INDEX_FROM_ROWS } from './planner.ts';
import { openLancedb } from './store.ts';
import { upkeepOf } from './upkeep.ts';

const signal = new AbortController().signal;
const root = mkdtempSync(join(tmpdir(), 'sensorium-upkeep-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const everything = { tenant: 't' };

it('makes an index from ten thousand items on, finds with it what is near, and also what came after it', async () => {
  const store = await openLancedb({ folder: join(root, 'index'), everyCommits: 0 });
  const space = exampleSpace(8);
  await store.open(space, signal);
  const all = numbered(INDEX_FROM_ROWS + 500);
  await store.put(space.id, all, signal);
  const ask = (vector: Float32Array, exact: boolean, which = {}) =>
    store.search(space.id, { vector, limit: 10, which: { ...everything, ...which }, exact }, signal);
  expect((await ask(axis(0), false)).way).toBe('scan');
  expect((await store.stats(space.id, signal)).unindexed).toBe(all.length);

  await store.optimize(space.id, signal);
  expect(await store.stats(space.id, signal)).toMatchObject({ items: all.length, unindexed: 0 });
  await expect.poll(async () => (await ask(axis(0), false)).way).toBe('index');
  let missed = 0;
  for (const { vector } of numbered(20, 8, 99)) {
    const [found, truth] = await Promise.all([ask(vector, false), ask(vector, true)]);
    expect([found.way, truth.way]).toEqual(['index', 'scan']);
    const ids = new Set(found.hits.map(({ item }) => item.id));
    missed += truth.hits.filter(({ item }) => !ids.has(item.id)).length;
  }
  expect(missed).toBeLessThanOrEqual(4);

  await store.put(space.id, [entry({ id: 'late', store: 'few' })], signal);
  expect((await ask(axis(0), false)).hits[0]?.item.id).toBe('late');
  expect((await store.stats(space.id, signal)).unindexed).toBe(1);
  expect(await ask(axis(0), false, { store: 'few' })).toMatchObject({ way: 'scan', hits: [{ similarity: 1 }] });
  await store.close();
}, 180_000);

it('joins small files by itself after so many commits', async () => {
  const store = await openLancedb({ folder: join(root, 'itself'), everyCommits: 12 });
  const space = exampleSpace(8);
  await store.open(space, signal);
  for (let at = 0; at < 11; at++) await store.put(space.id, [entry({ id: `${at}` })], signal);
  expect((await store.stats(space.id, signal)).fragments).toBe(11);
  await store.put(space.id, [entry({ id: 'last' })], signal);
  await expect.poll(async () => (await store.stats(space.id, signal)).fragments, { timeout: 60_000 }).toBeLessThan(3);
  expect(await store.count(space.id, everything, signal)).toBe(12);
  await store.close();
}, 180_000);

it('harms nothing when it is killed in the middle, nor when it may not have the memory', async () => {
  const folder = join(root, 'killed');
  const store = await openLancedb({ folder, everyCommits: 0 });
  const space = exampleSpace(32);
  await store.open(space, signal);
  const all = numbered(INDEX_FROM_ROWS, 32);
  for (let at = 0; at < all.length; at += 1_000) await store.put(space.id, all.slice(at, at + 1_000), signal);
  const table = tableName(space.id);

  const upkeep = upkeepOf(folder, { everyCommits: 0, maxRssBytes: 2 ** 32 });
  const working = upkeep.run(table, signal).catch((error: unknown) => error);
  // Once when its first commit is there, and once, after it began again, when it makes indexes.
  const inFolder = (name: string) =>
    existsSync(join(folder, `${table}.lance`, name)) ? readdirSync(join(folder, `${table}.lance`, name)).length : 0;
  const versions = inFolder('_versions');
  for (const begun of [() => inFolder('_versions') > versions, () => inFolder('_indices') > 2]) {
    await expect.poll(begun, { interval: 5, timeout: 60_000 }).toBe(true);
    process.kill(upkeep.pid ?? 0, 'SIGKILL');
    await store.put(space.id, [entry({ id: `while killed ${inFolder('_indices')}` }, axis(0, 32))], signal);
  }
  expect(await working).toMatchObject({ code: 'runtime.worker-died-twice' });
  await upkeep.close();

  const small = upkeepOf(folder, { everyCommits: 0, maxRssBytes: 2 ** 20 });
  await expect(small.run(table, signal)).rejects.toMatchObject({
    code: 'store.unusable',
    details: { maxRssBytes: 2 ** 20 },
  });
  expect(small.pid).toBeUndefined();
  await small.close();

  expect(await store.count(space.id, everything, signal)).toBe(all.length + 2);
  await store.optimize(space.id, signal);
  expect(await store.stats(space.id, signal)).toMatchObject({ items: all.length + 2, unindexed: 0 });
  await store.close();
}, 180_000);
