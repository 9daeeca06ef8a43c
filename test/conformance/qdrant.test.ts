import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isSensoriumError } from '#contract/error.ts';
import type { VectorStore } from '#contract/vector-store.ts';
import { axis, entry, examineVectorStore, exampleSpace, numbered } from '#store/conformance.ts';
import { openQdrant } from '#store/engines/qdrant/store.ts';
import { QDRANT_KEY, qdrantConformance } from '../../src/conformance/qdrant/server.ts';
import { type Running, startConformance } from '../../src/conformance/server.ts';

const signal = new AbortController().signal;
const ALL = { tenant: 't' };

describe('Qdrant’s conformance server', () => {
  let server: Running;
  beforeAll(async () => {
    server = await startConformance(qdrantConformance);
  });
  afterAll(async () => {
    expect(server.faults).toEqual([]);
    await server.close();
  });
  const open = (more: object = {}) =>
    openQdrant({ url: server.origin, apiKey: QDRANT_KEY, requestTimeoutMs: 300, retryBaseMs: 1, ...more });

  examineVectorStore('qdrant', async () => open({ requestTimeoutMs: 10_000 }), { filters: 40 });

  it('makes every index before the first point that needs it, the tenant’s as a tenant’s', async () => {
    const space = exampleSpace(8);
    const store = open();
    await store.open(space, signal);
    const before = server.seen.length;
    await store.put(space.id, [entry({ id: 'a', attributes: { n: 1, 'odd "key"': 'x', yes: true } })], signal);
    const sent = server.seen.slice(before).map(({ method, path }) => `${method} ${path.split('/').slice(3).join('/')}`);
    expect(sent).toEqual(['PUT index', 'PUT index', 'PUT index', 'PUT points']);
    const indexes = server.seen.filter(({ path }) => path.endsWith('/index')).map((request) => request.json());
    expect(indexes).toContainEqual({ field_name: 'tenant', field_schema: { type: 'keyword', is_tenant: true } });
  });

  it('sends much in several requests, each small enough', async () => {
    const space = exampleSpace(1_024);
    const store = open({ requestTimeoutMs: 10_000 });
    await store.open(space, signal);
    const before = server.seen.length;
    await store.put(space.id, numbered(600, 1_024), signal);
    const sizes = server.seen.slice(before).map(({ bytes }) => bytes.length);
    expect(sizes.length).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThan(32 * 1024 * 1024);
    expect(await store.count(space.id, ALL, signal)).toBe(600);
  });

  it('asks for replicas and waits for all of them', async () => {
    const space = exampleSpace(8);
    await open({ replicas: 3 }).open(space, signal);
    const made = server.seen.findLast(({ method, path }) => method === 'PUT' && path.endsWith(space.id));
    expect(made?.json()).toMatchObject({ replication_factor: 3, write_consistency_factor: 3 });
  });

  describe('when it is unwell', () => {
    let store: VectorStore;
    const space = exampleSpace(8);
    const search = (by = signal) => store.search(space.id, { vector: axis(0), limit: 3, which: ALL }, by);
    beforeAll(async () => {
      store = open();
      await store.open(space, signal);
      await store.put(space.id, numbered(5), signal);
    });
    async function played(name: string, times?: number): Promise<string> {
      server.play(name, times);
      try {
        return `${(await search()).hits.length} hits`;
      } catch (error) {
        if (!isSensoriumError(error)) throw error;
        expect(error.hint).not.toBe('');
        expect(`${error.message} ${error.hint}`).not.toContain(QDRANT_KEY);
        return error.code;
      } finally {
        server.play('happy');
      }
    }

    it.each([
      ['bad-key', 'store.unusable'],
      ['error-500', 'store.unreachable'],
      ['no-space', 'store.disk-full'],
      ['busy-503', 'store.unreachable'],
      ['rate-limited', 'store.unreachable'],
      ['page-502', 'store.unreachable'],
      ['another-server', 'store.unusable'],
      ['malformed', 'store.unusable'],
      ['reset-before', 'store.unreachable'],
      ['reset-midway', 'store.unreachable'],
      ['stalled', 'store.unreachable'],
      ['slow-trickle', 'store.unreachable'],
    ])('%s is %s', async (name, code) => {
      expect(await played(name)).toBe(code);
      expect(await played('happy')).toBe('3 hits');
    });

    it.each(['busy-503', 'rate-limited', 'reset-before', 'reset-midway'])('tries again after one %s', async (name) => {
      expect(await played(name, 1)).toBe('3 hits');
    });

    it('tries three times at most', async () => {
      const before = server.seen.length;
      await played('reset-before');
      expect(server.seen.length - before).toBe(3);
    });

    it('stops waiting for a caller who is gone', async () => {
      server.play('stalled');
      await expect(search(AbortSignal.timeout(20))).rejects.toMatchObject({ code: 'kit.cancelled' });
      server.play('happy');
    });

    it('refuses a Qdrant that is too old, and looks again the next time', async () => {
      const fresh = open();
      server.play('too-old');
      await expect(fresh.spaces(signal)).rejects.toMatchObject({ code: 'store.unusable' });
      server.play('happy');
      expect((await fresh.spaces(signal)).length).toBeGreaterThan(0);
    });
  });

  it('refuses a wrong key, a collection of somebody else, and an address that is none', async () => {
    await expect(open({ apiKey: 'another-key' }).spaces(signal)).rejects.toMatchObject({ code: 'store.unusable' });
    expect(server.faults.splice(0)).toEqual(['api-key']);
    expect(() => openQdrant({ url: 'qdrant:6333' })).toThrow(/address/);
    expect(() => openQdrant({ url: server.origin, prefix: '../' })).toThrow(/names/);
    const space = exampleSpace(8);
    await fetch(`${server.origin}/collections/sensorium_${space.id}`, {
      method: 'PUT',
      headers: { 'api-key': QDRANT_KEY },
      body: JSON.stringify({ vectors: { size: 8, distance: 'Dot' } }),
    });
    await expect(open().open(space, signal)).rejects.toMatchObject({ code: 'store.unusable' });
  });
});
