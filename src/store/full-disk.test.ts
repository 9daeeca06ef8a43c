import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { entry, exampleSpace, numbered } from './__fixtures__/items.ts';
import { openVectorStore } from './open.ts';

const signal = new AbortController().signal;
const disk = mkdtempSync(join(tmpdir(), 'sensorium-full-'));
const mounted =
  process.platform === 'linux' && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', disk]).status === 0;
if (!mounted) console.warn('No small disk can be mounted here: a store on a full one is not tried.');
afterAll(() => {
  if (mounted) spawnSync('umount', ['-l', disk]);
  rmSync(disk, { recursive: true, force: true });
});

describe.skipIf(!mounted).each(['lancedb', 'sqlite'] as const)('%s on a full disk', (kind) => {
  it('says so, keeps what it has, goes on searching, and writes again when there is room', async () => {
    const store = await openVectorStore({ kind, folder: join(disk, kind) });
    const space = exampleSpace(64);
    await store.open(space, signal);
    await store.put(space.id, numbered(50, 64), signal);
    const filling = join(disk, 'filling');
    expect(() => writeFileSync(filling, Buffer.alloc(8 * 2 ** 20))).toThrow(/ENOSPC/);

    const more = numbered(4_000, 64, 5).map(({ item, vector }) => entry({ ...item, id: `more ${item.id}` }, vector));
    await expect(store.put(space.id, more.slice(0, 1_000), signal)).rejects.toMatchObject({
      code: 'store.disk-full',
      hint: expect.stringMatching(/Free some space/),
    });
    const query = { vector: numbered(1, 64)[0]?.vector ?? new Float32Array(64), limit: 5, which: { tenant: 't' } };
    expect((await store.search(space.id, query, signal)).hits[0]).toMatchObject({ item: { id: 'n0' }, similarity: 1 });
    expect(await store.count(space.id, { tenant: 't' }, signal)).toBe(50);

    const another = await openVectorStore({ kind, folder: join(disk, kind) });
    await another.open(space, signal);
    expect((await another.search(space.id, query, signal)).hits).toHaveLength(5);
    await another.close();

    rmSync(filling);
    await store.put(space.id, more.slice(0, 100), signal);
    expect(await store.count(space.id, { tenant: 't' }, signal)).toBe(150);
    await store.close();
    rmSync(join(disk, kind), { recursive: true, force: true });
  }, 180_000);
});
