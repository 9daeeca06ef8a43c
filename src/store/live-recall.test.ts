import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { VectorQuery, VectorStore } from '#contract/vector-store.ts';
import { axis, entry, exampleSpace, numbered } from './__fixtures__/items.ts';
import { fakeVectorStore } from './fake.ts';
import { withLiveRecall } from './live-recall.ts';

const signal = new AbortController().signal;
const query: VectorQuery = { vector: axis(0), limit: 4, which: { tenant: 't' } };

/** A store whose index misses the best one. */
function forgetful(): VectorStore & { exact: number } {
  const store = fakeVectorStore();
  return {
    ...store,
    exact: 0,
    async search(space, query, signal) {
      if (query.exact) this.exact += 1;
      const found = await store.search(space, { ...query, limit: query.exact ? query.limit : query.limit + 1 }, signal);
      return query.exact ? found : { way: 'index', hits: found.hits.slice(1) };
    },
  };
}

async function filled(store: VectorStore): Promise<string> {
  const space = exampleSpace(8);
  await store.open(space, signal);
  await store.put(space.id, [entry({ id: 'best' }), ...numbered(20)], signal);
  return space.id;
}

it('tells what share an index found, from queries that were also answered exactly', async () => {
  const store = withLiveRecall(forgetful(), { share: 1 });
  const space = await filled(store);
  expect((await store.stats(space, signal)).recall).toBeNull();
  for (let at = 0; at < 3; at++) {
    await store.search(space, query, signal);
    await expect.poll(async () => (await store.stats(space, signal)).recall?.samples).toBe(at + 1);
  }
  expect((await store.stats(space, signal)).recall).toEqual({ value: 0.75, samples: 3 });
});

it('samples the share it is told, and only what an index answered', async () => {
  const inner = forgetful();
  const draws = [0.5, 0.009, 0.01, 0.001];
  const store = withLiveRecall(inner, { share: 0.01, random: () => draws.shift() ?? 1 });
  const space = await filled(store);
  for (let at = 0; at < 6; at++) {
    await store.search(space, query, signal);
    for (let turn = 0; turn < 20; turn++) await setImmediate();
  }
  expect(inner.exact).toBe(2);
  await store.search(space, { ...query, exact: true }, signal);
  expect(draws).toEqual([]);
});

it('never lets an answer wait for a sample, nor fail with one', async () => {
  const inner = fakeVectorStore();
  let fail: (error: Error) => void = () => {};
  const slow: VectorStore = {
    ...inner,
    search: (space, query, signal) =>
      query.exact
        ? new Promise((_, reject) => {
            fail = reject;
          })
        : inner.search(space, query, signal).then(({ hits }) => ({ hits, way: 'index' })),
  };
  const store = withLiveRecall(slow, { share: 1 });
  const space = await filled(store);
  for (let at = 0; at < 3; at++) expect((await store.search(space, query, signal)).hits).toHaveLength(4);
  fail(new Error('gone'));
  expect((await store.stats(space, signal)).recall).toBeNull();
  await store.close();
});
