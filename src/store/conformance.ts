import { setMaxListeners } from 'node:events';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AttributeFilter, Space, StoredItem, VectorStore, Which } from '#contract/vector-store.ts';
import { axis, DIMENSIONS, entry, exampleSpace, numbered, unit } from './__fixtures__/items.ts';
import { counts } from './filter.ts';

export { axis, entry, exampleSpace, numbered } from './__fixtures__/items.ts';

const signal = new AbortController().signal;
// Many calls at once listen to it.
setMaxListeners(0, signal);

/** Words an engine may trip over: they end strings, mean something in a query, or need more than one code unit. */
export const ODD_STRINGS = [
  `it's "quoted" \`so\``,
  `'; DROP TABLE items; -- `,
  `%_*?[]{}()\\ \\' \\u0027`,
  'a.b["c"]:d/e=f,g',
  '向量库里的图片，和文字',
  '👩‍👩‍👧 e\u0301 ﷽ \u202eback',
  'line\nbreak\ttab\u0001',
  ' white space ',
  'null',
  'true',
] as const;

export interface VectorStoreExam {
  /** Random filters that are compared with what they mean: 60 where nothing is said. */
  readonly filters?: number;
  /** Its server shows nothing for a moment while it moves what it keeps, which no client can mend. */
  readonly blinks?: boolean;
}

/**
 * The exam for the port VectorStore. `open` is called several times and gives handles on one and the same store, which need not
 * be empty: every test makes spaces of its own. Handles are closed at the end.
 */
export function examineVectorStore(name: string, open: () => Promise<VectorStore>, exam: VectorStoreExam = {}): void {
  describe(`${name} as a vector store`, () => {
    let store: VectorStore;
    let other: VectorStore;
    beforeAll(async () => {
      store = await open();
      other = await open();
    }, 60_000);
    afterAll(async () => {
      await store?.close();
      await other?.close();
    });

    async function newSpace(dimensions = DIMENSIONS): Promise<Space> {
      const space = exampleSpace(dimensions);
      await store.open(space, signal);
      return space;
    }
    const idsFound = async (space: Space, which: Which, vector = axis(0), limit = 1_000, exact = false) => {
      const { hits } = await store.search(space.id, { vector, limit, which, exact }, signal);
      return hits.map(({ item }) => item.id);
    };

    it('makes a space once and lists it', async () => {
      const space = await newSpace();
      await store.open(space, signal);
      await other.open(space, signal);
      const listed = (await other.spaces(signal)).filter(({ id }) => id === space.id);
      expect(listed).toEqual([space]);
    });

    it('refuses another embedder in the space of one, also through another handle', async () => {
      const space = await newSpace();
      const strange = { ...space, embedder: 'somebody else' };
      await expect(store.open(strange, signal)).rejects.toMatchObject({ code: 'store.space-mismatch' });
      await expect(other.open(strange, signal)).rejects.toMatchObject({ code: 'store.space-mismatch' });
    });

    it('knows no space that was never opened', async () => {
      const { id } = exampleSpace(DIMENSIONS);
      const which = { tenant: 't', store: 's' };
      const unknown = { code: 'store.unknown' };
      await expect(store.put(id, [entry({})], signal)).rejects.toMatchObject(unknown);
      await expect(store.search(id, { vector: axis(0), limit: 1, which }, signal)).rejects.toMatchObject(unknown);
      await expect(store.count(id, which, signal)).rejects.toMatchObject(unknown);
      await expect(store.remove(id, which, signal)).rejects.toMatchObject(unknown);
      await expect(store.stats(id, signal)).rejects.toMatchObject(unknown);
      await expect(store.optimize(id, signal)).rejects.toMatchObject(unknown);
    });

    it('gives back items whole, the nearest first, with their cosine', async () => {
      const space = await newSpace();
      const far = entry({ id: 'far', fromMs: 1_500, toMs: 2_250.5, modality: 'audio' }, unit([-1, 0, 1]));
      const near = entry({ id: 'near', attributes: { page: 3, ratio: 0.25, seen: false, by: '小王' } }, unit([3, 4]));
      await store.put(space.id, [far, near], signal);
      const found = await store.search(space.id, { vector: axis(0), limit: 10, which: { tenant: 't' } }, signal);
      expect(found.hits.map(({ item }) => item)).toEqual([near.item, far.item]);
      expect(found.hits[0]?.similarity).toBeCloseTo(0.6, 5);
      expect(found.hits[1]?.similarity).toBeCloseTo(-Math.SQRT1_2, 5);
    });

    it('finds nothing in nothing, and never more than there is or was asked for', async () => {
      const space = await newSpace();
      expect(await idsFound(space, { tenant: 't' })).toEqual([]);
      expect(await store.count(space.id, { tenant: 't' }, signal)).toBe(0);
      await store.put(space.id, [], signal);
      await store.put(space.id, numbered(5), signal);
      expect(await idsFound(space, { tenant: 't' })).toHaveLength(5);
      expect(await idsFound(space, { tenant: 't' }, axis(0), 3)).toHaveLength(3);
    });

    it('never mixes spaces, be they of one size or of two', async () => {
      const spaces = [await newSpace(), await newSpace(), await newSpace(3)];
      for (const [at, space] of spaces.entries()) {
        const only = { ...entry({ id: 'same', surrogate: `space ${at}` }), vector: axis(0, space.dimensions) };
        await store.put(space.id, [only], signal);
      }
      for (const [at, space] of spaces.entries()) {
        const query = { vector: axis(0, space.dimensions), limit: 10, which: { tenant: 't' } };
        const { hits } = await store.search(space.id, query, signal);
        expect(hits.map(({ item }) => item.surrogate)).toEqual([`space ${at}`]);
      }
      const tooLong = { vector: axis(0, 9), limit: 1, which: { tenant: 't' } };
      await expect(store.search(spaces[0]?.id ?? '', tooLong, signal)).rejects.toMatchObject({
        code: 'store.space-mismatch',
      });
      const odd = { ...entry({}), vector: axis(0, 9) };
      await expect(store.put(spaces[0]?.id ?? '', [odd], signal)).rejects.toMatchObject({
        code: 'store.space-mismatch',
      });
    });

    it('shows a tenant its own items alone, whatever it is called', async () => {
      const space = await newSpace();
      const tenants = ['t', 'T', 't ', `' OR '1'='1`, `t' --`, '%', '租户', ...ODD_STRINGS];
      await store.put(
        space.id,
        tenants.map((tenant, at) => entry({ id: `of ${at}`, tenant })),
        signal,
      );
      for (const [at, tenant] of tenants.entries()) {
        expect(await idsFound(space, { tenant })).toEqual([`of ${at}`]);
        expect(await store.count(space.id, { tenant }, signal)).toBe(1);
      }
      expect(await store.remove(space.id, { tenant: 'nobody', store: 's' }, signal)).toBe(0);
      expect(await store.remove(space.id, { tenant: `' OR '1'='1`, store: 's' }, signal)).toBe(1);
      expect((await store.stats(space.id, signal)).items).toBe(tenants.length - 1);
    });

    it('puts an item in place of the one with its id, also within one call', async () => {
      const space = await newSpace();
      await store.put(space.id, [entry({ id: 'a', surrogate: 'old' }), entry({ id: 'b' })], signal);
      const twice = [
        entry({ id: 'a', surrogate: 'mid' }),
        entry({ id: 'a', surrogate: 'new', store: 'other' }, axis(1)),
      ];
      await store.put(space.id, twice, signal);
      expect(await store.count(space.id, { tenant: 't' }, signal)).toBe(2);
      const { hits } = await store.search(space.id, { vector: axis(1), limit: 1, which: { tenant: 't' } }, signal);
      expect(hits).toEqual([{ item: twice[1]?.item, similarity: 1 }]);
      expect(await idsFound(space, { tenant: 't', store: 's' })).toEqual(['b']);
    });

    it('removes by file and by store, says how many, and touches nothing else', async () => {
      const space = await newSpace();
      const all = ['s', 'z'].flatMap((inStore) =>
        ['f', `g'`].flatMap((file) =>
          ['t', 'u'].map((tenant) => entry({ id: [inStore, file, tenant].join(' '), tenant, file, store: inStore })),
        ),
      );
      await store.put(space.id, all, signal);
      expect(await store.remove(space.id, { tenant: 't', store: 's', file: `g'` }, signal)).toBe(1);
      expect(await store.remove(space.id, { tenant: 't', store: 's', file: `g'` }, signal)).toBe(0);
      expect(await store.remove(space.id, { tenant: 'u', store: 'z' }, signal)).toBe(2);
      expect(await idsFound(space, { tenant: 't' })).toEqual(['s f t', 'z f t', `z g' t`]);
      expect(await idsFound(space, { tenant: 'u' })).toEqual(['s f u', `s g' u`]);
    });

    it('chooses by store, file and kind', async () => {
      const space = await newSpace();
      const kinds = ['text', 'image', 'audio'] as const;
      const all = kinds.map((modality, at) => entry({ id: modality, modality, store: `s${at % 2}`, file: `f${at}` }));
      await store.put(space.id, all, signal);
      expect(await idsFound(space, { tenant: 't', modality: 'image' })).toEqual(['image']);
      expect(await idsFound(space, { tenant: 't', store: 's0' })).toEqual(['audio', 'text']);
      expect(await idsFound(space, { tenant: 't', store: 's0', file: 'f2' })).toEqual(['audio']);
      expect(await idsFound(space, { tenant: 't', store: 's1', modality: 'text' })).toEqual([]);
    });

    it('understands every condition', async () => {
      const space = await newSpace();
      const attributes: StoredItem['attributes'][] = [
        { n: 1, s: '1', b: true },
        { n: 2.5, s: 'true', b: false },
        { n: -3, s: 'it’s' },
        { n: '1', s: 1, b: 'true' },
        {},
        { n: 1e12, 'odd.key': 1 },
      ];
      await store.put(
        space.id,
        attributes.map((own, at) => entry({ id: String(at), attributes: own })),
        signal,
      );
      const filters: [AttributeFilter, string[]][] = [
        [{ type: 'eq', key: 'n', value: 1 }, ['0']],
        [{ type: 'eq', key: 'n', value: '1' }, ['3']],
        [{ type: 'eq', key: 'b', value: true }, ['0']],
        [{ type: 'ne', key: 'b', value: true }, ['1', '2', '3', '4', '5']],
        [{ type: 'ne', key: 'n', value: 2.5 }, ['0', '2', '3', '4', '5']],
        [{ type: 'gt', key: 'n', value: 1 }, ['1', '5']],
        [{ type: 'gte', key: 'n', value: 1 }, ['0', '1', '5']],
        [{ type: 'lt', key: 'n', value: 1 }, ['2']],
        [{ type: 'lte', key: 'n', value: 1 }, ['0', '2']],
        [{ type: 'in', key: 'n', value: [1, 2.5, 7] }, ['0', '1']],
        [{ type: 'in', key: 'n', value: [] }, []],
        [{ type: 'nin', key: 's', value: ['1', 'it’s'] }, ['1', '3', '4', '5']],
        [{ type: 'nin', key: 's', value: [] }, ['0', '1', '2', '3', '4', '5']],
        [{ type: 'eq', key: 'odd.key', value: 1 }, ['5']],
        [{ type: 'eq', key: 'nobody has it', value: 1 }, []],
        [{ type: 'and', filters: [] }, ['0', '1', '2', '3', '4', '5']],
        [{ type: 'or', filters: [] }, []],
        [
          {
            type: 'and',
            filters: [
              { type: 'gt', key: 'n', value: -5 },
              { type: 'ne', key: 's', value: '1' },
            ],
          },
          ['1', '2', '5'],
        ],
        [
          {
            type: 'or',
            filters: [
              { type: 'eq', key: 'b', value: false },
              { type: 'lt', key: 'n', value: 0 },
            ],
          },
          ['1', '2'],
        ],
      ];
      for (const [filter, ids] of filters) {
        expect({ filter, ids: await idsFound(space, { tenant: 't', filter }) }).toEqual({ filter, ids });
        expect(await store.count(space.id, { tenant: 't', filter }, signal)).toBe(ids.length);
      }
    });

    it('filters as filters are meant (property)', async () => {
      const space = await newSpace();
      const value = fc.oneof(
        fc.constantFrom('a', 'A', `'`, '中', '1', 'true'),
        fc.integer({ min: -3, max: 3 }),
        fc.boolean(),
      );
      const key = fc.constantFrom('x', 'y', `z'"`);
      const own = fc.array(fc.dictionary(key, value), { minLength: 40, maxLength: 40 });
      const [attributes = []] = fc.sample(own, { numRuns: 1, seed: 7 });
      const all = attributes.map((some, at) => entry({ id: `${at}`.padStart(2, '0'), attributes: { ...some } }));
      await store.put(space.id, all, signal);
      await fc.assert(
        fc.asyncProperty(filtersOf(key, value), async (filter) => {
          const which = { tenant: 't', filter };
          const meant = all.filter(({ item }) => counts(item, which)).map(({ item }) => item.id);
          expect(await idsFound(space, which)).toEqual(meant);
        }),
        { numRuns: exam.filters ?? 60, seed: 11, endOnFailure: true },
      );
    }, 60_000);

    it('refuses a filter or a limit out of bounds', async () => {
      const space = await newSpace();
      const deep = Array.from({ length: 20 }).reduce<AttributeFilter>((inner) => ({ type: 'and', filters: [inner] }), {
        type: 'eq',
        key: 'a',
        value: 1,
      });
      for (const filter of [deep, { type: 'gt', key: 'a', value: 'b' }, { type: 'eq', key: '', value: 1 }] as const) {
        await expect(idsFound(space, { tenant: 't', filter })).rejects.toMatchObject({ code: 'store.bad-filter' });
      }
      for (const limit of [0, -1, 1.5, 1e9, Number.NaN]) {
        await expect(idsFound(space, { tenant: 't' }, axis(0), limit)).rejects.toMatchObject({
          code: 'store.bad-request',
        });
      }
      for (const vector of [new Float32Array(DIMENSIONS), axis(0).fill(Number.NaN), axis(0).map((x) => 5 * x)]) {
        await expect(idsFound(space, { tenant: 't' }, vector)).rejects.toMatchObject({ code: 'store.bad-request' });
        await expect(store.put(space.id, [entry({}, vector)], signal)).rejects.toMatchObject({
          code: 'store.bad-request',
        });
      }
    });

    it('carries odd strings everywhere', async () => {
      const space = await newSpace();
      const all = ODD_STRINGS.map((odd) =>
        entry({ id: odd, store: odd, file: odd, surrogate: odd.repeat(200), attributes: { [odd]: odd } }),
      );
      await store.put(space.id, all, signal);
      for (const [at, odd] of ODD_STRINGS.entries()) {
        const which: Which = { tenant: 't', store: odd, file: odd, filter: { type: 'eq', key: odd, value: odd } };
        const { hits } = await store.search(space.id, { vector: axis(0), limit: 9, which }, signal);
        expect(hits.map(({ item }) => item)).toEqual([all[at]?.item]);
      }
      for (const odd of ODD_STRINGS) {
        expect(await store.remove(space.id, { tenant: 't', store: odd, file: odd }, signal)).toBe(1);
      }
      expect(await store.count(space.id, { tenant: 't' }, signal)).toBe(0);
    });

    it('orders equal items by their ids, wherever the limit cuts', async () => {
      const space = await newSpace();
      const ids = Array.from({ length: 60 }, (_, at) => `${(at * 37) % 60}`.padStart(2, '0'));
      await store.put(
        space.id,
        ids.map((id) => entry({ id })),
        signal,
      );
      const sorted = [...ids].sort();
      for (const limit of [1, 7, 59, 60]) {
        expect(await idsFound(space, { tenant: 't' }, axis(0), limit)).toEqual(sorted.slice(0, limit));
      }
    });

    it('compares every item when asked to, before and after it was optimised', async () => {
      const space = await newSpace(16);
      const all = numbered(1_500, 16);
      await store.put(space.id, all, signal);
      for (const optimised of [false, true]) {
        if (optimised) await store.optimize(space.id, signal);
        for (const { vector } of numbered(5, 16, 99)) {
          const query = { vector, limit: 10, which: { tenant: 't' }, exact: true };
          const found = await store.search(space.id, query, signal);
          expect(found.way).toBe('scan');
          expect(found.hits.map(({ item }) => item.id)).toEqual(nearest(all, vector, 10));
        }
      }
      const stats = await store.stats(space.id, signal);
      expect(stats.items).toBe(1_500);
      for (const figure of [stats.unindexed, stats.fragments, stats.sizeBytes]) {
        expect(figure === null || (Number.isFinite(figure) && figure >= 0)).toBe(true);
      }
    }, 60_000);

    it('answers while it is optimised and written to', async () => {
      const space = await newSpace();
      await store.put(space.id, numbered(300), signal);
      const optimising = store.optimize(space.id, signal);
      const writing = store.put(space.id, [entry({ id: 'new' })], signal);
      const found = async () => (await idsFound(space, { tenant: 't' })).length;
      for (let at = 0; at < 5; at++) {
        if (exam.blinks) await expect.poll(found).toBeGreaterThan(0);
        else expect(await found()).toBeGreaterThan(0);
      }
      await Promise.all([optimising, writing]);
      expect(await store.count(space.id, { tenant: 't' }, signal)).toBe(301);
      expect((await idsFound(space, { tenant: 't' }))[0]).toBe('new');
    }, 60_000);

    it('shows what one handle did through another at once, and loses nothing of two that write', async () => {
      const space = await newSpace();
      await store.put(space.id, [entry({ id: 'first' })], signal);
      expect(await other.count(space.id, { tenant: 't' }, signal)).toBe(1);
      await Promise.all(
        [store, other].flatMap((handle, of) =>
          Array.from({ length: 8 }, (_, at) => handle.put(space.id, [entry({ id: `${of} ${at}` })], signal)),
        ),
      );
      expect(await store.count(space.id, { tenant: 't' }, signal)).toBe(17);
      expect(await other.remove(space.id, { tenant: 't', store: 's' }, signal)).toBe(17);
      expect(await idsFound(space, { tenant: 't' })).toEqual([]);
    }, 60_000);

    it('does nothing for a cancelled caller', async () => {
      const space = await newSpace();
      const gone = AbortSignal.abort();
      const cancelled = { code: 'kit.cancelled' };
      await expect(store.put(space.id, [entry({})], gone)).rejects.toMatchObject(cancelled);
      await expect(store.optimize(space.id, gone)).rejects.toMatchObject(cancelled);
      const query = { vector: axis(0), limit: 1, which: { tenant: 't' } };
      await expect(store.search(space.id, query, gone)).rejects.toMatchObject(cancelled);
      expect(await store.count(space.id, { tenant: 't' }, signal)).toBe(0);
    });

    it('says that it is closed, and closes twice', async () => {
      const space = await newSpace();
      const third = await open();
      await third.close();
      await third.close();
      await expect(third.count(space.id, { tenant: 't' }, signal)).rejects.toMatchObject({ code: 'store.unusable' });
      await expect(third.open(space, signal)).rejects.toMatchObject({ code: 'store.unusable' });
      expect(await store.count(space.id, { tenant: 't' }, signal)).toBe(0);
    });
  });
}

function nearest(all: ReturnType<typeof numbered>, vector: Float32Array, limit: number): string[] {
  const cosine = (other: Float32Array) => other.reduce((sum, value, at) => sum + value * (vector[at] ?? 0), 0);
  const ranked = all.map(({ item, vector: own }) => ({ id: item.id, cosine: cosine(own) }));
  return ranked
    .sort((a, b) => b.cosine - a.cosine)
    .slice(0, limit)
    .map(({ id }) => id);
}

function filtersOf(key: fc.Arbitrary<string>, value: fc.Arbitrary<string | number | boolean>) {
  const number = fc.integer({ min: -3, max: 3 });
  const listed = value.filter((one): one is string | number => typeof one !== 'boolean');
  const leaf = fc.oneof(
    fc.record({ type: fc.constantFrom('eq', 'ne'), key, value }),
    fc.record({ type: fc.constantFrom('gt', 'gte', 'lt', 'lte'), key, value: number }),
    fc.record({ type: fc.constantFrom('in', 'nin'), key, value: fc.array(listed, { maxLength: 3 }) }),
  );
  return fc.letrec<{ filter: AttributeFilter }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      leaf as fc.Arbitrary<AttributeFilter>,
      fc.record({
        type: fc.constantFrom('and', 'or'),
        filters: fc.array(tie('filter'), { maxLength: 3 }),
      }) as fc.Arbitrary<AttributeFilter>,
    ),
  })).filter;
}
