import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SensoriumError } from '#contract/error.ts';
import type { Space } from '#contract/vector-store.ts';
import { axis, entry, examineVectorStore, exampleSpace, numbered } from '#store/conformance.ts';
import { openPgvector } from '#store/engines/pgvector/store.ts';
import { type Postgres, postgresPrograms, startPostgres } from './postgres.ts';
import { preparedPython } from './prepared.ts';

const python = await preparedPython('pgvector.txt');
const programs = python === null ? '' : await postgresPrograms(python);
const signal = new AbortController().signal;
const at = (url: string) => openPgvector({ url, indexFrom: 200, connectTimeoutMs: 1_000, statementTimeoutMs: 1_500 });
const ALL = { tenant: 't' };

describe.skipIf(python === null)('PostgreSQL with pgvector', () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres(programs);
  }, 120_000);
  afterAll(() => postgres?.end());

  examineVectorStore('pgvector', () => openPgvector({ url: postgres.url, indexFrom: 200 }));

  async function filled(items: number, dimensions = 8): Promise<Space> {
    const space = exampleSpace(dimensions);
    const store = await at(postgres.url);
    await store.open(space, signal);
    await store.put(space.id, numbered(items, dimensions), signal);
    await store.close();
    return space;
  }

  it('asks its index once there is one, and scans where the index has too little that counts', async () => {
    const space = await filled(1_000);
    const store = await at(postgres.url);
    const query = { vector: axis(0), limit: 10, which: ALL };
    expect((await store.search(space.id, query, signal)).way).toBe('scan');
    await store.optimize(space.id, signal);
    expect((await store.search(space.id, query, signal)).way).toBe('index');
    expect((await store.stats(space.id, signal)).unindexed).toBe(0);
    await store.put(space.id, [entry({ id: 'rare', attributes: { rare: true } }, axis(7))], signal);
    const filter = { type: 'eq', key: 'rare', value: true } as const;
    const rare = await store.search(space.id, { ...query, which: { ...ALL, filter } }, signal);
    expect([rare.way, rare.hits.map(({ item }) => item.id)]).toEqual(['scan', ['rare']]);
    await store.close();
  });

  it('keeps long vectors as halves, and refuses those no index can take', async () => {
    const space = await filled(5, 3_000);
    const store = await at(postgres.url);
    const { hits } = await store.search(space.id, { vector: axis(0, 3_000), limit: 5, which: ALL }, signal);
    expect(hits).toHaveLength(5);
    await store.optimize(space.id, signal);
    await expect(store.open(exampleSpace(4_096), signal)).rejects.toMatchObject({ code: 'store.unusable' });
    await store.close();
  });

  it('loses nothing that was acknowledged when the server dies, and goes on when it is back', async () => {
    const space = await filled(0);
    const store = await at(postgres.url);
    let acknowledged = 0;
    const writing = (async () => {
      for (let number = 0; ; number++) {
        await store.put(space.id, [entry({ id: `w${number}` })], signal);
        acknowledged += 1;
      }
    })();
    writing.catch(() => {});
    await expect.poll(() => acknowledged).toBeGreaterThan(20);
    await postgres.crash();
    await expect(writing).rejects.toMatchObject({ code: 'store.unreachable' });
    await expect(store.count(space.id, ALL, signal)).rejects.toMatchObject({
      code: 'store.unreachable',
      retryable: true,
    });
    await postgres.restart();
    const kept = await store.count(space.id, ALL, signal);
    expect(kept).toBeGreaterThanOrEqual(acknowledged);
    expect(kept).toBeLessThanOrEqual(acknowledged + 1);
    await store.close();
  }, 120_000);

  it('gives up on a server that hangs, also for a caller who is cancelled', async () => {
    const space = await filled(3);
    const store = await at(postgres.url);
    expect(await store.count(space.id, ALL, signal)).toBe(3);
    await postgres.freeze(true);
    try {
      await expect(store.count(space.id, ALL, AbortSignal.timeout(100))).rejects.toMatchObject({
        code: 'kit.cancelled',
      });
      await expect(store.count(space.id, ALL, signal)).rejects.toMatchObject({ code: 'store.unreachable' });
      await store.close();
    } finally {
      await postgres.freeze(false);
    }
  }, 60_000);

  it('says what is wrong: the password, the database, the place', async () => {
    const refused = async (url: string) => {
      const store = await at(url);
      const error = await store.spaces(signal).catch((thrown: unknown) => thrown);
      await store.close();
      expect(error).toBeInstanceOf(SensoriumError);
      const told = error as SensoriumError;
      expect(`${told.message} ${told.hint}`).not.toMatch(/opens|locked/);
      expect(told.hint).not.toBe('');
      return told.code;
    };
    expect(await refused(postgres.url.replace(':opens-it@', ':locked-out@'))).toBe('store.unusable');
    expect(await refused(postgres.url.replace('/postgres', '/nowhere'))).toBe('store.unusable');
    expect(await refused(postgres.url.replace(`:${postgres.port}`, ':1'))).toBe('store.unreachable');
  });
});
