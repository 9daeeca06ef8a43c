import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isSensoriumError } from '#contract/error.ts';
import type { VectorStore } from '#contract/vector-store.ts';
import { axis, entry, examineVectorStore, exampleSpace, numbered, ODD_STRINGS } from '#store/conformance.ts';
import { openMilvus } from '#store/engines/milvus/store.ts';
import { MILVUS_TOKEN, milvusConformance } from '../../src/conformance/milvus/server.ts';
import { type Running, startConformance } from '../../src/conformance/server.ts';

const signal = new AbortController().signal;
const ALL = { tenant: 't' };

describe('Milvus’ conformance server', () => {
  let server: Running;
  beforeAll(async () => {
    server = await startConformance(milvusConformance);
  });
  afterAll(async () => {
    expect(server.faults).toEqual([]);
    await server.close();
  });
  const open = (more: object = {}) =>
    openMilvus({ url: server.origin, apiKey: MILVUS_TOKEN, requestTimeoutMs: 5_000, ...more });

  examineVectorStore('milvus', async () => open(), { filters: 40 });

  it('lets nothing of the caller’s into an expression', async () => {
    const space = exampleSpace(8);
    const store = open();
    await store.open(space, signal);
    const before = server.seen.length;
    for (const odd of ODD_STRINGS) {
      await store.put(
        space.id,
        [entry({ id: odd, tenant: odd, store: odd, file: odd, attributes: { [odd]: odd } })],
        signal,
      );
      const which = { tenant: odd, store: odd, file: odd, filter: { type: 'eq', key: odd, value: odd } } as const;
      expect((await store.search(space.id, { vector: axis(0), limit: 1, which }, signal)).hits).toHaveLength(1);
    }
    const expressions = server.seen.slice(before).flatMap((request) => {
      const { dsl, expr } = request.json();
      return [dsl, expr].filter((one) => typeof one === 'string');
    });
    expect(expressions.length).toBeGreaterThan(9);
    for (const one of expressions) expect(one).toMatch(/^(?:[\w\s=<>(),[\]]|"[0-9a-g]{1,32}")+$/);
    await store.close();
  });

  it('compares no more one by one than may come over the wire', async () => {
    const space = exampleSpace(8);
    const store = open({ exactUpTo: 4 });
    await store.open(space, signal);
    await store.put(space.id, numbered(5), signal);
    const query = { vector: axis(0), limit: 1, which: ALL, exact: true };
    await expect(store.search(space.id, query, signal)).rejects.toMatchObject({ code: 'store.bad-request' });
    await store.remove(space.id, { ...ALL, store: 's' }, signal);
    await store.put(space.id, numbered(4), signal);
    expect((await store.search(space.id, query, signal)).hits).toHaveLength(1);
    await store.close();
  });

  describe('when it is unwell', () => {
    let store: VectorStore;
    const space = exampleSpace(8);
    const search = (by = signal) => store.search(space.id, { vector: axis(0), limit: 3, which: ALL }, by);
    beforeAll(async () => {
      store = open({ requestTimeoutMs: 300 });
      await store.open(space, signal);
      await store.put(space.id, numbered(5), signal);
    });
    afterAll(() => store.close());
    async function played(name: string): Promise<string> {
      server.play(name);
      try {
        return `${(await search()).hits.length} hits`;
      } catch (error) {
        if (!isSensoriumError(error)) throw error;
        expect(error.hint).not.toBe('');
        expect(`${error.message} ${error.hint}`).not.toContain(MILVUS_TOKEN);
        return error.code;
      } finally {
        server.play('happy');
      }
    }

    it.each([
      ['bad-key', 'store.unusable'],
      ['unavailable', 'store.unreachable'],
      ['rate-limited', 'store.unreachable'],
      ['no-space', 'store.disk-full'],
      ['not-loaded', 'store.unusable'],
      ['reset', 'store.unreachable'],
      ['stalled', 'store.unreachable'],
    ])('%s is %s', async (name, code) => {
      expect(await played(name)).toBe(code);
      expect(await played('happy')).toBe('3 hits');
    });

    it('stops waiting for a caller who is gone', async () => {
      server.play('stalled');
      await expect(search(AbortSignal.timeout(20))).rejects.toMatchObject({ code: 'kit.cancelled' });
      server.play('happy');
    });

    it('refuses a Milvus that is too old and a wrong key, and looks again the next time', async () => {
      const fresh = open();
      server.play('too-old');
      await expect(fresh.spaces(signal)).rejects.toMatchObject({ code: 'store.unusable' });
      server.play('happy');
      expect((await fresh.spaces(signal)).length).toBeGreaterThan(0);
      await fresh.close();
      const stranger = open({ apiKey: 'root:wrong' });
      await expect(stranger.spaces(signal)).rejects.toMatchObject({ code: 'store.unusable' });
      await stranger.close();
      expect(() => openMilvus({ url: 'milvus:19530' })).toThrow(/address/);
    });
  });
});
