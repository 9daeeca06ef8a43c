import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { VectorStore } from '#contract/vector-store.ts';
import { loaderFlags } from '#kit/from-source.ts';
import { axis } from './__fixtures__/items.ts';
import { openVectorStore } from './open.ts';

const signal = new AbortController().signal;
const PUTTER = fileURLToPath(new URL('./__fixtures__/putter.ts', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'sensorium-killed-'));
const putters = new Set<ChildProcess>();
afterAll(() => {
  for (const child of putters) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

/** A process that puts; calls back with how many items it was told are kept. Settles when it is gone. */
function putter(kind: string, folder: string, name: string, puts: number, said: (items: number) => void) {
  const args = [...loaderFlags(PUTTER), PUTTER, kind, folder, name, String(puts)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  putters.add(child);
  createInterface(child.stdout).on('line', (line) => said(Number(line)));
  const gone = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { kill: () => child.kill('SIGKILL'), gone };
}

async function countOf(store: VectorStore, tenant: string): Promise<number> {
  const [space] = await store.spaces(signal);
  return store.count(space?.id ?? '', { tenant }, signal);
}

describe.each(['lancedb', 'sqlite'] as const)('%s', (kind) => {
  it('loses nothing that was acknowledged when a process is killed in the middle of a put', async () => {
    const folder = join(root, `${kind}-killed`);
    const rounds: number[] = [];
    for (const enough of [40, 120]) {
      let acknowledged = 0;
      const { kill, gone } = putter(kind, folder, `round ${rounds.length}`, 100_000, (items) => {
        acknowledged = items;
        if (items >= enough) kill();
      });
      await gone;
      rounds.push(acknowledged);
    }
    const store = await openVectorStore({ kind, folder });
    for (const [round, acknowledged] of rounds.entries()) {
      const there = await countOf(store, `round ${round}`);
      expect(there).toBeGreaterThanOrEqual(acknowledged);
      expect(there % 20).toBe(0);
      const [space] = await store.spaces(signal);
      const query = { vector: axis(0), limit: 20, which: { tenant: `round ${round}` } };
      expect((await store.search(space?.id ?? '', query, signal)).hits).toHaveLength(20);
    }
    await store.close();
  }, 180_000);

  it('keeps what two processes write at the same time while a third searches', async () => {
    const folder = join(root, `${kind}-two`);
    const store = await openVectorStore({ kind, folder });
    let writing = 2;
    const both = ['one', 'two'].map((name) => putter(kind, folder, name, 10, () => {}).gone.finally(() => writing--));
    while (writing > 0) {
      for (const space of await store.spaces(signal)) {
        const query = { vector: axis(0), limit: 5, which: { tenant: 'one' } };
        expect([0, 5]).toContain((await store.search(space.id, query, signal)).hits.length);
      }
      await new Promise((later) => setTimeout(later, 20));
    }
    expect(await Promise.all(both)).toEqual([0, 0]);
    expect(await countOf(store, 'one')).toBe(200);
    expect(await countOf(store, 'two')).toBe(200);
    await store.close();
  }, 180_000);
});
